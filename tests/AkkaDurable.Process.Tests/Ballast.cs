namespace AkkaDurable.Process.Tests;

/// <summary>A file that takes all the room of a disk, also what others give back meanwhile. Disposing removes it.</summary>
internal sealed class Ballast : IAsyncDisposable
{
    // Down to the last page: a write of more would fail while there is room for less.
    private static readonly byte[] s_page = new byte[4096];
    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly FileStream _file;
    private readonly Task _filling;

    private Ballast(string path)
    {
        // Without a buffer, which would be written once more at the end.
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        FillUp();
        _filling = KeepFullAsync();
    }

    /// <summary>Returns when the disk is full, and keeps it so.</summary>
    public static Ballast Fill(string folder) => new(Path.Combine(folder, "ballast"));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _filling;
        await _file.DisposeAsync();
        _stop.Dispose();
    }

    private async Task KeepFullAsync()
    {
        using var timer = new PeriodicTimer(s_again);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                FillUp();
            }
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    private void FillUp()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                _file.Write(s_page);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
