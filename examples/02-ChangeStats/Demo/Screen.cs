namespace ChangeStats.Demo;

/// <summary>What the user sees: lines that stay and, on a terminal, one line of progress that is drawn over and over.</summary>
/// <param name="writer">Where to write.</param>
/// <param name="width">The width of the terminal; left out where output goes elsewhere, and progress is lines too.</param>
internal sealed class Screen(TextWriter writer, int? width)
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private int _drawn;

    public void Line(string text = "")
    {
        lock (_lock)
        {
            Clear();
            writer.WriteLine(text);
            writer.Flush();
        }
    }

    public void Progress(string text)
    {
        if (width is not { } columns)
        {
            Line(text);
            return;
        }

        lock (_lock)
        {
            // A line that wraps could not be drawn over.
            var line = text.Length < columns ? text : text[..(columns - 1)];
            Clear();
            writer.Write(line);
            writer.Flush();
            _drawn = line.Length;
        }
    }

    /// <summary>Shows progress once a second until disposed.</summary>
    public IDisposable ShowEverySecond(Func<string> progress, TimeProvider time) =>
        time.CreateTimer(_ => Progress(progress()), null, s_second, s_second);

    private void Clear()
    {
        if (_drawn > 0)
        {
            writer.Write($"\r{new string(' ', _drawn)}\r");
            _drawn = 0;
        }
    }
}
