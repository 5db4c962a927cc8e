using AkkaDurable.Placement.Internal.Directing;
using AkkaDurable.Placement.Internal.Strategy;

namespace AkkaDurable.Placement.Internal.Control;

/// <summary>What this node knows of the others, and what it is to tell them. One lock; nobody is called back under it.</summary>
/// <param name="self">This node's address.</param>
/// <param name="time">The clock.</param>
/// <param name="staleAfter">How old a report may be.</param>
/// <param name="send">Takes what the other nodes are to hear.</param>
internal sealed class PlacementBoard(string self, TimeProvider time, TimeSpan staleAfter, Action<IPlacementMessage> send) : IPlacementBoard
{
    private const int MaxLeft = 10_000;

    private readonly Lock _lock = new();
    private readonly ReplicatedState _state = new(self);
    private readonly Dictionary<string, KnownNode> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _leftInOrder = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskCompletionSource<StateEntry>> _waiting = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, NodeSnapshot>? _members;

    /// <summary>Raised, on the thread of the change, when the members or what is known of them changed.</summary>
    public event Action? Changed;

    public string Self => self;

    /// <summary>What this node reported last; null: nothing lately.</summary>
    public NodeReport? Own
    {
        get
        {
            lock (_lock)
            {
                return _nodes.TryGetValue(self, out var node) ? Fresh(node) : null;
            }
        }
    }

    public HoldTable Holds { get; } = new(time);

    public IReadOnlyDictionary<string, NodeSnapshot> Members
    {
        get
        {
            lock (_lock)
            {
                return _members ??= _nodes.Values.ToDictionary(
                    node => node.Address,
                    node => new NodeSnapshot(node.Address, node.Location, node.Version, node.Status, Says(StateKeys.Drain(node.Address, node.Uid)), Says(StateKeys.Cordon(node.Address, node.Uid)), Fresh(node))
                    {
                        UpSince = node.UpSince,
                        Roles = node.Roles,
                    },
                    StringComparer.Ordinal);
            }
        }
    }

    public IReadOnlyList<NodeInfo> Infos
    {
        get
        {
            var members = Members;
            lock (_lock)
            {
                return
                [
                    .. _nodes.Values.Where(node => members.ContainsKey(node.Address)).OrderBy(node => node.Address, StringComparer.Ordinal).Select(node => new NodeInfo(
                        node.Address, node.Location, node.Version.Version, node.MemberStatus, node.Status != NodeStatus.Unreachable,
                        members[node.Address].Draining, members[node.Address].Cordoned, Fresh(node), Fresh(node) is null ? null : time.GetElapsedTime(node.ReportedAt))),
                ];
            }
        }
    }

    /// <summary>All facts, for a node that may know none.</summary>
    public IReadOnlyList<StateEntry> Facts
    {
        get
        {
            lock (_lock)
            {
                return [.. _state.Entries];
            }
        }
    }

    public bool LeftInOrder(string address)
    {
        lock (_lock)
        {
            return _leftInOrder.Contains(address);
        }
    }

    public IReadOnlyCollection<MoveRequest> Requests(string typeName)
    {
        lock (_lock)
        {
            var requests = new List<MoveRequest>();
            foreach (var entry in _state.Entries)
            {
                if (StateKeys.TargetOf(entry) is { } target && StateKeys.Parts(entry.Key) is ["move", var type, var shard] && type == typeName)
                {
                    requests.Add(new MoveRequest(shard, target.Length == 0 ? null : target));
                }
            }

            return requests;
        }
    }

    public void Answer(string typeName, MoveAnswer answer)
    {
        var key = StateKeys.Move(typeName, answer.Shard);
        lock (_lock)
        {
            if (_state.Find(key) is not { } entry || StateKeys.TargetOf(entry) is null)
            {
                return;
            }
        }

        Say(key, StateKeys.EndedMove(new PlacementCommandResult(answer.Outcome, answer.Text, answer.Node)));
    }

    public void TellLeft(string typeName, string node, int shards)
    {
        if (UidOf(node) is { } uid && StateKeys.Left(typeName, node, uid) is var key && shards.ToString(System.Globalization.CultureInfo.InvariantCulture) is var value && Find(key)?.Value != value)
        {
            Say(key, value);
        }
    }

    public void TellHeld(PlacementHold hold) => send(new Holds([hold], []));

    public void TellPlaced(string typeName, string shard) => send(new Holds([], [(typeName, shard)]));

    public StateEntry? Find(string key)
    {
        lock (_lock)
        {
            return _state.Find(key);
        }
    }

    public int? UidOf(string node)
    {
        lock (_lock)
        {
            return _nodes.TryGetValue(node, out var known) ? known.Uid : null;
        }
    }

    /// <summary>Says a fact, here and to all others.</summary>
    public StateEntry Say(string key, string value)
    {
        StateEntry entry;
        lock (_lock)
        {
            entry = _state.Say(key, value, time.GetUtcNow());
            _members = null;
        }

        send(new Gossip(self, 0, null, [entry]));
        Heard([entry]);
        return entry;
    }

    /// <summary>Waits for the next word on a key. Whoever waited before for the same one gets it too.</summary>
    public Task<StateEntry> Next(string key)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(key, out var waiting))
            {
                _waiting[key] = waiting = new TaskCompletionSource<StateEntry>(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return waiting.Task;
        }
    }

    public void Hear(Gossip gossip)
    {
        List<StateEntry> news;
        lock (_lock)
        {
            news = _state.Merge(gossip.Entries);

            // A report that came late may be of a former incarnation.
            if (gossip.Report is { } report && _nodes.TryGetValue(gossip.Node, out var node) && node.Uid == gossip.Uid)
            {
                node.Report = report;
                node.ReportedAt = time.GetTimestamp();
            }

            _members = null;
        }

        Heard(news);
    }

    public void Set(KnownNode node)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue(node.Address, out var known) && known.Uid == node.Uid)
            {
                if (known.Status == node.Status && known.MemberStatus == node.MemberStatus)
                {
                    return;
                }

                node.Report = known.Report;
                node.ReportedAt = known.ReportedAt;
                node.UpSince = known.UpSince;
            }

            _nodes[node.Address] = node;
            _members = null;
            if (node.Status == NodeStatus.Up)
            {
                node.UpSince ??= time.GetUtcNow();
                _leftInOrder.Remove(node.Address);
            }
        }

        Changed?.Invoke();
    }

    public void Remove(string address, int uid, bool inOrder)
    {
        lock (_lock)
        {
            // Its successor at the same address may be known already.
            if (!_nodes.TryGetValue(address, out var known) || known.Uid != uid)
            {
                return;
            }

            _nodes.Remove(address);
            _members = null;
            if (inOrder && _leftInOrder.Count < MaxLeft)
            {
                _leftInOrder.Add(address);
            }
        }

        Changed?.Invoke();
    }

    /// <summary>Time goes by: reports grow stale, facts about what is gone are dropped.</summary>
    public void Tick()
    {
        lock (_lock)
        {
            var alive = _nodes.Values.Select(node => node.Uid.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToHashSet(StringComparer.Ordinal);
            _state.Drop(time.GetUtcNow() - TimeSpan.FromMinutes(10), entry => StateKeys.Parts(entry.Key) is [var kind, .., var last] && (kind == "move" ? StateKeys.ResultOf(entry) is not null : !alive.Contains(last)));
            _members = null;
        }

        Holds.DropOld();
        Changed?.Invoke();
    }

    private void Heard(List<StateEntry> news)
    {
        if (news.Count > 0)
        {
            lock (_lock)
            {
                foreach (var entry in news)
                {
                    if (_waiting.Remove(entry.Key, out var waiting))
                    {
                        waiting.TrySetResult(entry);
                    }
                }
            }
        }

        Changed?.Invoke();
    }

    private bool Says(string key) => _state.Find(key) is { Value: StateKeys.On };

    private NodeReport? Fresh(KnownNode node) => node.Report is not null && time.GetElapsedTime(node.ReportedAt) <= staleAfter ? node.Report : null;
}
