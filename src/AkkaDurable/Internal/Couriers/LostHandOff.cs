using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Serialization;
using AkkaDurable.Placement;
using Google.Protobuf;

namespace AkkaDurable.Internal.Couriers;

/// <summary>
/// A hand-off of Akka's that was begun just before its node was lost. Akka's worker is told of the loss while it still waits for all regions to be ready, and tells the lost one to hand over all the same; then it waits for
/// as long as a hand-off may take at most (<c>handoff-timeout</c>), and so do all who call the shard. That last message comes to nothing, and is answered here: what a lost node ran has stopped.
/// </summary>
internal static class LostHandOff
{
    private const string HandOff = "Akka.Cluster.Sharding.ShardCoordinator+HandOff";

    // The names of the two messages on Akka's wire, whose bodies are the same: the shard.
    private const string HandOffManifest = "BJ";
    private const string StoppedManifest = "BK";

    // Above the worker: sharding, the coordinator's singleton, the singleton, the coordinator.
    private const string Sharding = "sharding";
    private const string Coordinator = "Coordinator";

    public static bool IsOne(AllDeadLetters letter) => letter.Message?.GetType().FullName == HandOff;

    /// <summary>Answers it, if the shard belongs to a node that is no member any more. Of one that is, only the coordinator may say that its shard is free: it may live.</summary>
    public static async Task AnswerAsync(AllDeadLetters letter, ActorSystem system, IPlacementControl placement)
    {
        var serializer = system.Serialization.FindSerializerFor(letter.Message) as SerializerWithStringManifest;
        if (serializer?.Manifest(letter.Message) != HandOffManifest || TypeOf(letter.Sender) is not { } typeName)
        {
            return;
        }

        var body = serializer.ToBinary(letter.Message);
        var decision = await placement.ExplainAsync(typeName, ShardOf(body)).ConfigureAwait(false);
        if (decision?.Node is { } owner && Cluster.Get(system).State.Members.All(member => member.Address.ToString() != owner))
        {
            Logging.GetLogger(system, nameof(LostHandOff)).Info("{0}: {1}, which was lost, need not hand over shard {2} any more", typeName, owner, ShardOf(body));
            letter.Sender.Tell(serializer.FromBinary(body, StoppedManifest), ActorRefs.NoSender);
        }
    }

    private static string ShardOf(byte[] body)
    {
        using var input = new CodedInputStream(body);
        input.ReadTag();
        return input.ReadString();
    }

    private static string? TypeOf(IActorRef? worker)
    {
        var path = worker?.Path.Elements.ToList() ?? [];
        var at = path.IndexOf(Sharding) + 1;
        return at > 0 && at < path.Count && path[at].EndsWith(Coordinator, StringComparison.Ordinal) ? path[at][..^Coordinator.Length] : null;
    }
}
