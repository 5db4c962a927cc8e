using System.Collections.Concurrent;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Stopping;

/// <summary>Keeps account of what becomes of a node's servers while the node stops. Safe for concurrent use.</summary>
/// <param name="time">The clock.</param>
/// <param name="running">The servers that run, but for those on their way out.</param>
internal sealed class NodeStop(TimeProvider time, Func<IEnumerable<ServerProcess>> running)
{
    // Servers on their way out are in no other table, and one that never comes to its end must be known by its key.
    private readonly ConcurrentDictionary<ServerProcess, bool> _leaving = new();
    private readonly ConcurrentDictionary<ServerId, UnsavedServer> _unsaved = new();
    private readonly TaskCompletionSource<ShutdownReport> _report = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private volatile bool _hasBegun;
    private long _began;
    private int _stopped;
    private int _saved;

    public TimeSpan Budget { get; set; } = ShutdownBudget.Default;

    public Task<ShutdownReport> Report => _report.Task;

    public bool HasBegun => _hasBegun;

    /// <summary>How long ago the shutdown began.</summary>
    public TimeSpan Elapsed => _hasBegun ? time.GetElapsedTime(_began) : TimeSpan.Zero;

    /// <summary>Whether no server is left that has something to end.</summary>
    public bool IsEmpty => _leaving.IsEmpty && !running().Any();

    /// <summary>The node stops from now on. Later calls change nothing.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            if (!_hasBegun)
            {
                _began = time.GetTimestamp();
                _hasBegun = true;
            }
        }
    }

    /// <summary>A server has begun to stop.</summary>
    public void Leaving(ServerProcess server) => _leaving[server] = true;

    /// <summary>A server has let go of all that it had.</summary>
    public void Left(ServerProcess server) => _leaving.TryRemove(server, out _);

    /// <summary>A server has stored its last state.</summary>
    public void Saved(ServerProcess server)
    {
        if (_hasBegun)
        {
            _unsaved.TryRemove(server.Id, out _);
            Interlocked.Increment(ref _stopped);
            Interlocked.Increment(ref _saved);
        }
    }

    /// <summary>A server has ended that had nothing to store.</summary>
    public void Ended()
    {
        if (_hasBegun)
        {
            Interlocked.Increment(ref _stopped);
        }
    }

    /// <summary>A server has ended without having stored its last state.</summary>
    public void Unsaved(ServerProcess server, UnsavedReason reason, string text)
    {
        if (_hasBegun)
        {
            Interlocked.Increment(ref _stopped);
            _unsaved[server.Id] = new UnsavedServer(server.Id.ServerType, server.Id.Key, reason, text);
        }
    }

    /// <summary>Closes the account: whoever has not ended by now is not waited for.</summary>
    /// <returns>The report; null if there is one already.</returns>
    public ShutdownReport? Close()
    {
        Begin();
        lock (_gate)
        {
            if (_report.Task.IsCompleted)
            {
                return null;
            }

            var unsaved = new Dictionary<ServerId, UnsavedServer>(_unsaved);
            var stopped = Volatile.Read(ref _stopped);
            foreach (var server in running().Union(_leaving.Keys))
            {
                stopped++;
                unsaved.TryAdd(server.Id, new UnsavedServer(server.Id.ServerType, server.Id.Key, UnsavedReason.HandlerNotFinished, $"it did not come to its end; what it was at: {server.Doing}"));
            }

            var report = new ShutdownReport(
                stopped,
                Volatile.Read(ref _saved),
                [.. unsaved.Values.OrderBy(server => server.ServerType, StringComparer.Ordinal).ThenBy(server => server.Key, StringComparer.Ordinal)],
                Elapsed,
                Budget);
            _report.SetResult(report);
            return report;
        }
    }
}
