namespace AkkaDurable.Cli.Internal.Shell;

/// <summary>While a command runs from the prompt, Ctrl+C ends the command and not the tool.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly bool _listens;

    /// <param name="listens">Whether somebody types.</param>
    public Interrupt(bool listens)
    {
        _listens = listens;
        if (listens)
        {
            Console.CancelKeyPress += OnPressed;
        }
    }

    public CancellationToken Token => _end.Token;

    public void Dispose()
    {
        if (_listens)
        {
            Console.CancelKeyPress -= OnPressed;
        }

        _end.Dispose();
    }

    private void OnPressed(object? sender, ConsoleCancelEventArgs press)
    {
        press.Cancel = true;
        _end.Cancel();
    }
}
