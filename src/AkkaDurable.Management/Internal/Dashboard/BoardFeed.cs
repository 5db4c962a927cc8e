using AkkaDurable.Management.Internal.Http;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>Tells a board what happens, a bounded number of events a second: of a crowd only how many there were. Safe for concurrent use.</summary>
internal sealed class BoardFeed(Board board, TimeProvider time)
{
    private const int MaxPerSecond = 20;

    private readonly Lock _lock = new();
    private long _second;
    private int _told;
    private int _leftOut;

    /// <param name="kind">What it is about: node, shard, hold, server, group.</param>
    /// <param name="what">What happened, in a word.</param>
    /// <param name="fields">What else is known; what is null is left out.</param>
    public void Tell(string kind, string what, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        int leftOut;
        lock (_lock)
        {
            if (_second == 0 || time.GetElapsedTime(_second) >= TimeSpan.FromSeconds(1))
            {
                (_second, _told, leftOut, _leftOut) = (time.GetTimestamp(), 0, _leftOut, 0);
            }
            else
            {
                leftOut = 0;
            }

            // Nodes are few, and what happens to them is never left out.
            if (kind != "node" && ++_told > MaxPerSecond)
            {
                _leftOut++;
                return;
            }
        }

        if (leftOut > 0)
        {
            Write("more", "left out", [("text", $"{leftOut}")]);
        }

        Write(kind, what, fields);
    }

    private void Write(string kind, string what, ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var known = fields.ToArray();
        var text = OutputJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("at", time.GetUtcNow());
            json.WriteString("kind", kind);
            json.WriteString("what", what);
            foreach (var (name, value) in known)
            {
                if (value is not null)
                {
                    json.WriteString(name, value);
                }
            }

            json.WriteEndObject();
        });
        board.Tell(text, isMinor: kind is "server" or "group" or "more");
    }
}
