using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using AkkaDurable.Placement.Internal.Control;
using AkkaDurable.Placement.Internal.Reports;
using AkkaDurable.Placement.Internal.Strategy;
using AkkaDurable.Placement.Internal.Telemetry;

namespace AkkaDurable.Placement;

/// <summary>The extension of an actor system that reports about its node, hears the reports of the others, and lets operators steer placement. Safe for concurrent use.</summary>
public sealed class PlacementControl : IPlacementControl, IExtension
{
    private static readonly TimeSpan s_explain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_rehome = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, ShardPlacer> _placers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<PlacementDecision?>> _questions = new();
    private readonly PlacementSetup _setup;
    private readonly IActorRef _actor;
    private long _lastQuestion;

    internal PlacementControl(ExtendedActorSystem system)
    {
        if (system.Provider is not IClusterActorRefProvider)
        {
            throw new InvalidOperationException("Placement needs a cluster (of one node, if need be): akka.actor.provider = cluster.");
        }

        _setup = system.Settings.Setup.Get<PlacementSetup>() is { HasValue: true } setup ? setup.Value : new PlacementSetup();
        if (_setup.ReportEvery < TimeSpan.FromMilliseconds(100) || _setup.ReportEvery > TimeSpan.FromMinutes(1))
        {
            throw new InvalidOperationException($"PlacementSetup.ReportEvery is {_setup.ReportEvery}; it must be 100 ms to a minute.");
        }

        // By configuration, since each extension that brings settings of its own makes the system build its serializers anew.
        system.Settings.InjectTopLevelFallback(PlacementSerializer.Configuration);
        var cluster = Cluster.Get(system);
        Location = NodeLocation.FromRoles(cluster.SelfRoles);
        Board = new PlacementBoard(cluster.SelfAddress.ToString(), _setup.Time, _setup.ReportEvery * 5, message => _actor!.Tell(new PlacementActor.Send(message)));
        Board.Changed += () =>
        {
            foreach (var placer in _placers.Values)
            {
                placer.Changed();
            }
        };
        var sampler = new NodeSampler(_setup, new Machine(_setup.DiskPath));
        _actor = system.SystemActorOf(
            Props.Create(() => new PlacementActor(Board, sampler.Measure, _setup.ReportEvery, Explain, Explained)).WithDeploy(Deploy.Local), PlacementActor.Name);
        PlacementMetrics.Add(Board);
        system.RegisterOnTermination(() =>
        {
            PlacementMetrics.Remove(Board);
            foreach (var placer in _placers.Values)
            {
                placer.Dispose();
            }
        });
    }

    /// <inheritdoc/>
    public NodeLocation Location { get; }

    /// <inheritdoc/>
    public IReadOnlyList<NodeInfo> Nodes => Board.Infos;

    /// <summary>What this node takes at most.</summary>
    public CapacityLimits Limits => _setup.Limits;

    internal PlacementBoard Board { get; }

    /// <summary>The control of an actor system's node. Each node of the cluster needs it, also those that only call; a strategy starts it on the coordinator's node only.</summary>
    /// <param name="system">The actor system; one of a cluster.</param>
    /// <returns>The one instance of that system.</returns>
    /// <exception cref="InvalidOperationException">The actor system has no cluster, or a setting of its <see cref="PlacementSetup"/> is out of range.</exception>
    public static PlacementControl Get(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return system.WithExtension<PlacementControl, PlacementControlProvider>();
    }

    /// <summary>Says how the servers of this node are counted, in place of <see cref="PlacementSetup.CountServers"/>.</summary>
    /// <param name="count">How many servers of each type run on this node, by the type's name. Called for each report; must be fast and safe for concurrent use.</param>
    public void CountServersBy(Func<IReadOnlyDictionary<string, int>> count) => _setup.CountServers = count;

    /// <inheritdoc/>
    public Task<PlacementCommandResult> RehomeAsync(string typeName, string shard, string? targetNode = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(typeName);
        ArgumentException.ThrowIfNullOrEmpty(shard);
        return PlacementSpans.Command("rehome", typeName, shard, targetNode, () => Rehome(typeName, shard, targetNode, cancellationToken));
    }

    /// <inheritdoc/>
    public Task<PlacementCommandResult> DrainAsync(string node, CancellationToken cancellationToken = default) => PlacementSpans.Command("drain", null, null, node, () => Mark(node, StateKeys.Drain, on: true, "draining", cancellationToken));

    /// <inheritdoc/>
    public Task<PlacementCommandResult> UndrainAsync(string node, CancellationToken cancellationToken = default) => PlacementSpans.Command("undrain", null, null, node, () => Mark(node, StateKeys.Drain, on: false, "draining", cancellationToken));

    /// <inheritdoc/>
    public Task<PlacementCommandResult> CordonAsync(string node, CancellationToken cancellationToken = default) => PlacementSpans.Command("cordon", null, null, node, () => Mark(node, StateKeys.Cordon, on: true, "cordoned", cancellationToken));

    /// <inheritdoc/>
    public Task<PlacementCommandResult> UncordonAsync(string node, CancellationToken cancellationToken = default) => PlacementSpans.Command("uncordon", null, null, node, () => Mark(node, StateKeys.Cordon, on: false, "cordoned", cancellationToken));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, int> ShardsLeftOn(string node)
    {
        ArgumentException.ThrowIfNullOrEmpty(node);
        var left = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in Board.Facts)
        {
            if (StateKeys.Parts(entry.Key) is ["left", var type, var on, _] && on == node && int.TryParse(entry.Value, out var count) && entry.Key == StateKeys.Left(type, node, Board.UidOf(node) ?? 0))
            {
                left[type] = count;
            }
        }

        return left;
    }

    /// <inheritdoc/>
    public async Task<PlacementDecision?> ExplainAsync(string typeName, string shard, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(typeName);
        ArgumentException.ThrowIfNullOrEmpty(shard);
        var id = Interlocked.Increment(ref _lastQuestion);
        var answer = new TaskCompletionSource<PlacementDecision?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _questions[id] = answer;
        try
        {
            // Answers come to whoever asks, so the actor asks.
            _actor.Tell(new PlacementActor.Send(new Explain(id, typeName, shard)));
            return await answer.Task.WaitAsync(s_explain, _setup.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            _questions.TryRemove(id, out _);
        }
    }

    /// <inheritdoc/>
    public PlacementHold? HoldOf(string typeName, string shard) => Board.Holds.Find(typeName, shard);

    /// <inheritdoc/>
    public IDisposable OnHeld(string typeName, Action<PlacementHold> held, Action<string>? placed = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(typeName);
        ArgumentNullException.ThrowIfNull(held);
        return Board.Holds.Listen(typeName, held, placed);
    }

    /// <summary>This node has the type's coordinator now.</summary>
    internal void Coordinate(string typeName, ShardPlacer placer)
    {
        ShardPlacer? former = null;
        _placers.AddOrUpdate(typeName, placer, (_, old) =>
        {
            former = old;
            return placer;
        });
        former?.Dispose();
        placer.Start();
    }

    private static PlacementCommandResult NoSuchNode(string node) => new(PlacementCommandOutcome.NoSuchNode, $"the cluster has no member {node}");

    private async Task<PlacementCommandResult> Rehome(string typeName, string shard, string? targetNode, CancellationToken cancellationToken)
    {
        if (targetNode is not null && Board.UidOf(targetNode) is null)
        {
            return NoSuchNode(targetNode);
        }

        var key = StateKeys.Move(typeName, shard);
        var said = Board.Say(key, StateKeys.WantedMove(targetNode));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timeout = Task.Delay(s_rehome, _setup.Time, ended.Token);
        try
        {
            while (true)
            {
                var next = Board.Next(key);
                var latest = Board.Find(key);
                if (latest is not null && latest != said)
                {
                    return StateKeys.ResultOf(latest) ?? new PlacementCommandResult(PlacementCommandOutcome.Superseded, "a later command about the shard took this one's place");
                }

                if (await Task.WhenAny(next, timeout).ConfigureAwait(false) == timeout)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return new PlacementCommandResult(PlacementCommandOutcome.Pending, $"it was not seen done within {s_rehome.TotalSeconds:0} s; the coordinator may be failing over, or the shard waits for a place");
                }
            }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
        }
    }

    private PlacementDecision? Explain(Explain question) => _placers.TryGetValue(question.TypeName, out var placer) ? placer.Explain(question.Shard) : null;

    private void Explained(Explained answer)
    {
        if (_questions.TryGetValue(answer.Id, out var question))
        {
            question.TrySetResult(answer.Decision);
        }
    }

    private Task<PlacementCommandResult> Mark(string node, Func<string, int, string> keyOf, bool on, string what, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(node);
        cancellationToken.ThrowIfCancellationRequested();
        if (Board.UidOf(node) is not { } uid)
        {
            return Task.FromResult(NoSuchNode(node));
        }

        var key = keyOf(node, uid);
        if (Board.Find(key) is { Value: StateKeys.On } == on)
        {
            return Task.FromResult(new PlacementCommandResult(PlacementCommandOutcome.AlreadySo, $"{node} is {(on ? "" : "not ")}{what} already", node));
        }

        Board.Say(key, on ? StateKeys.On : "");
        return Task.FromResult(new PlacementCommandResult(PlacementCommandOutcome.Done, $"{node} is {(on ? "" : "not ")}{what} {(on ? "now" : "any more")}", node));
    }
}
