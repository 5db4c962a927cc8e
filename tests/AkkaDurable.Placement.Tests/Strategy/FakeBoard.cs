using Akka.Util;
using AkkaDurable.Placement.Internal.Directing;
using AkkaDurable.Placement.Internal.Strategy;

namespace AkkaDurable.Placement.Tests.Strategy;

internal sealed class FakeBoard : IPlacementBoard
{
    private readonly Dictionary<string, NodeSnapshot> _members = [];
    private readonly HashSet<string> _left = [];

    public IReadOnlyDictionary<string, NodeSnapshot> Members { get; private set; } = new Dictionary<string, NodeSnapshot>();

    public List<MoveRequest> Wanted { get; } = [];

    public List<MoveAnswer> Answers { get; } = [];

    public List<PlacementHold> Holds { get; } = [];

    public List<string> Withdrawn { get; } = [];

    public Dictionary<string, int> Left { get; } = [];

    /// <summary>Run while the placer tells how many shards a draining node has left.</summary>
    public Action OnLeft { get; set; } = static () => { };

    public void Set(string address, NodeLocation location, NodeStatus status = NodeStatus.Up, bool draining = false, string version = "1.0", NodeReport? report = null)
    {
        _members[address] = new NodeSnapshot(address, location, AppVersion.Create(version), status, draining, Cordoned: false, report);
        Members = new Dictionary<string, NodeSnapshot>(_members);
    }

    public void Arrives(string address, NodeLocation location, DateTimeOffset at, string[] roles)
    {
        _members[address] = new NodeSnapshot(address, location, AppVersion.Create("1.0"), NodeStatus.Up, Draining: false, Cordoned: false, null) { UpSince = at, Roles = roles };
        Members = new Dictionary<string, NodeSnapshot>(_members);
    }

    public void Remove(string address, bool inOrder = false)
    {
        _members.Remove(address);
        Members = new Dictionary<string, NodeSnapshot>(_members);
        if (inOrder)
        {
            _left.Add(address);
        }
    }

    public bool LeftInOrder(string address) => _left.Contains(address);

    public IReadOnlyCollection<MoveRequest> Requests(string typeName) => [.. Wanted];

    public void Answer(string typeName, MoveAnswer answer)
    {
        Answers.Add(answer);
        Wanted.RemoveAll(wanted => wanted.Shard == answer.Shard);
    }

    public void TellLeft(string typeName, string node, int shards)
    {
        Left[node] = shards;
        OnLeft();
    }

    public void TellHeld(PlacementHold hold) => Holds.Add(hold);

    public void TellPlaced(string typeName, string shard) => Withdrawn.Add(shard);
}
