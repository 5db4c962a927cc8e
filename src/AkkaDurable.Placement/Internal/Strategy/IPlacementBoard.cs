using AkkaDurable.Placement.Internal.Directing;

namespace AkkaDurable.Placement.Internal.Strategy;

/// <summary>What a coordinator's placer hears of the cluster and tells it. Safe for concurrent use; it calls nobody back while it holds a lock.</summary>
internal interface IPlacementBoard
{
    /// <summary>The members, by address. A new instance whenever anything about them changed.</summary>
    IReadOnlyDictionary<string, NodeSnapshot> Members { get; }

    /// <summary>Whether a former member left in order, rather than being lost.</summary>
    bool LeftInOrder(string address);

    /// <summary>What operators want to have moved.</summary>
    IReadOnlyCollection<MoveRequest> Requests(string typeName);

    void Answer(string typeName, MoveAnswer answer);

    void TellLeft(string typeName, string node, int shards);

    void TellHeld(PlacementHold hold);

    void TellPlaced(string typeName, string shard);
}
