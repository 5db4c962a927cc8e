namespace ChatRooms;

/// <summary>Where a visitor is in the lines of a room. What comes twice is dropped; where a line is missing, the room is asked.</summary>
/// <param name="after">The last line that the visitor has.</param>
/// <param name="read">Asks the room for the lines after a number.</param>
/// <param name="write">Gives the visitor a line.</param>
public sealed class LineCursor(long after, Func<long, Task<IReadOnlyList<Line>>> read, Func<Written, ValueTask> write) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private long _last = after;

    /// <summary>The number of the last line that the visitor got.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Takes a line that was sent to the members.</summary>
    public async Task TakeAsync(Line line)
    {
        await _one.WaitAsync();
        try
        {
            if (line.Number == Last + 1)
            {
                await WriteAsync(line);
            }
            else if (line.Number > Last)
            {
                await ReadOnAsync();
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Asks the room for what the visitor lacks.</summary>
    public async Task CatchUpAsync()
    {
        await _one.WaitAsync();
        try
        {
            await ReadOnAsync();
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task ReadOnAsync()
    {
        while (await read(Last) is { Count: > 0 } lines)
        {
            foreach (var line in lines)
            {
                await WriteAsync(line);
            }
        }
    }

    private async Task WriteAsync(Line line)
    {
        await write(new Written(line.Number, line.Name, line.Text, line.At));
        Volatile.Write(ref _last, line.Number);
    }
}
