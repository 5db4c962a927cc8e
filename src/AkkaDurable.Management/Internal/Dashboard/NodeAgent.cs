using System.Text;
using System.Text.Json;
using Akka.Actor;
using AkkaDurable.Management.Internal.Http;
using AkkaDurable.Supervision;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>
/// Answers the dashboards of the cluster for its node: what was called and how long that took, starts, stops, crashes, conflicts, supervision trees. It measures only while it is asked. Question and answer are texts, which Akka
/// has a serializer for.
/// </summary>
internal sealed class NodeAgent : UntypedActor
{
    public const string Name = "akka-durable-dashboard";

    /// <summary>The question.</summary>
    public const string Look = "look";

    // Less than what goes into one message by Akka's default.
    private const int MaxAnswer = 100_000;
    private const int MaxTreeRows = 300;

    private static readonly TimeSpan s_measureFor = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_treePatience = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private CallMeter? _meter;

    public NodeAgent(TimeProvider time) => _time = time;

    /// <summary>Starts the agent of a node, if it does not run.</summary>
    public static void Start(ActorSystem system)
    {
        try
        {
            ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new NodeAgent(TimeProvider.System)).WithDeploy(Deploy.Local), Name);
        }
        catch (InvalidActorNameException)
        {
            // It runs already: the API is mapped twice.
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look:
                var sender = Sender;
                var meter = _meter ??= new CallMeter(_time);
                Context.SetReceiveTimeout(s_measureFor);
                RunTask(async () => sender.Tell(Answer(meter, await TreesAsync(Context.System).ConfigureAwait(true))));
                break;
            case ReceiveTimeout:
                Context.SetReceiveTimeout(null);
                _meter?.Dispose();
                _meter = null;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop() => _meter?.Dispose();

    private static string Answer(CallMeter meter, List<(TreeNode Node, string Path, int Depth)> trees)
    {
        var whole = Write(meter, trees);
        return whole.Length <= MaxAnswer ? whole : Write(meter, []);
    }

    private static string Write(CallMeter meter, List<(TreeNode Node, string Path, int Depth)> trees) => Encoding.UTF8.GetString(OutputJson.Write(json =>
    {
        var (length, types) = meter.Read();
        json.WriteStartObject();
        json.WriteNumber("seconds", length.TotalSeconds);
        json.WriteStartArray("types");
        foreach (var (type, counts) in types)
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteNumber("failed", counts.FailedCalls);
            Numbers(json, "counters", counts.Counters);
            Numbers(json, "durations", counts.Durations);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("trees");
        foreach (var (node, path, depth) in trees)
        {
            json.WriteStartObject();
            json.WriteString("path", path);
            json.WriteNumber("depth", depth);
            json.WriteString("type", node.Child.Type.ToString());
            json.WriteString("status", node.Child.Status.ToString());
            json.WriteNumber("restarts", node.Child.Restarts);
            json.WriteString("restart", node.Child.Spec.Restart.ToString());
            json.WriteString("strategy", (node.Child.Spec as SupervisorSpec)?.Strategy.ToString());
            json.WriteNumber("children", node.Counts.Specs);
            json.WriteNumber("active", node.Counts.Active);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }));

    private static void Numbers(Utf8JsonWriter json, string name, long[] values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    private static async Task<List<(TreeNode Node, string Path, int Depth)>> TreesAsync(ActorSystem system)
    {
        var rows = new List<(TreeNode, string, int)>();
        using var patience = new CancellationTokenSource(s_treePatience);
        foreach (var tree in SupervisionTree.All(system))
        {
            try
            {
                Add(await tree.SnapshotAsync(patience.Token).ConfigureAwait(false), "", 0);
            }
            catch (SupervisorRequestException)
            {
                // It has ended since it was listed.
            }
            catch (OperationCanceledException)
            {
                // A supervisor is busy. The next look may find it at leisure.
            }
        }

        return rows;

        void Add(TreeNode node, string above, int depth)
        {
            if (rows.Count >= MaxTreeRows)
            {
                return;
            }

            var path = above.Length == 0 ? node.Child.Id : $"{above}/{node.Child.Id}";
            rows.Add((node, path, depth));
            foreach (var child in node.Children)
            {
                Add(child, path, depth + 1);
            }
        }
    }
}
