using System.Threading.Channels;

namespace AkkaDurable.Supervision.Tests.Support;

/// <summary>What the children of a test's tree do, in order, to be waited for.</summary>
internal sealed class Recorder
{
    private readonly Channel<string> _entries = Channel.CreateUnbounded<string>();

    public void Add(string entry) => _entries.Writer.TryWrite(entry);

    /// <summary>The next entries are exactly these.</summary>
    public async Task ExpectAsync(params string[] expected)
    {
        var actual = new List<string>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            while (actual.Count < expected.Length)
            {
                actual.Add(await _entries.Reader.ReadAsync(limit.Token));
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"waited for [{string.Join(", ", expected)}], got [{string.Join(", ", actual)}]");
        }

        Assert.Equal(expected, actual);
    }

    /// <summary>The next entries are these, in any order.</summary>
    public async Task ExpectAnyOrderAsync(params string[] expected)
    {
        var actual = new List<string>();
        while (actual.Count < expected.Length)
        {
            actual.Add(await _entries.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
        }

        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    /// <summary>Nothing has happened that was not expected.</summary>
    public void ExpectNothing() => Assert.False(_entries.Reader.TryPeek(out var entry), entry);
}
