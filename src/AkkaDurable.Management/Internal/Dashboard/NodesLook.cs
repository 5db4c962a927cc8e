using System.Text.Json;
using Akka.Cluster;
using AkkaDurable.Management.Internal.Palettes;
using AkkaDurable.Placement;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>The members of the cluster, as this node knows them: asks nobody.</summary>
internal sealed class NodesLook(BoardWatch watch)
{
    // One that was lost stays on the map as long as an operator may look for it.
    private static readonly TimeSpan s_showGone = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);

    // The cluster's own picture is drawn from the same events as ours, a moment sooner or later.
    private static readonly TimeSpan s_settled = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<string, NodeRow> _known = new(StringComparer.Ordinal);
    private readonly Pace _pace = new(watch.Time, s_every, s_settled);
    private bool _hasLooked;

    /// <summary>Has it look at once, since the members have changed.</summary>
    public void Hurry() => _pace.Hurry();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Look();
            await _pace.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Look()
    {
        var now = watch.Time.GetUtcNow();
        var rows = new Dictionary<string, NodeRow>(StringComparer.Ordinal);
        foreach (var row in Rows())
        {
            rows[row.Node] = row;
        }

        foreach (var (node, was) in _known.Where(known => !rows.ContainsKey(known.Key)).ToArray())
        {
            rows[node] = was.State == "gone" ? was : was with { State = "gone", Report = null, ShardsLeft = null, IsLeader = false, Since = now };
        }

        foreach (var (node, row) in rows.ToArray())
        {
            var was = _known.GetValueOrDefault(node);
            rows[node] = row with { Since = was?.State == row.State ? was.Since : _hasLooked ? now : null };
            if (_hasLooked && was?.State != row.State)
            {
                watch.Feed.Tell("node", row.State, ("node", node), ("region", row.Location.Region));
            }
        }

        _known.Clear();
        foreach (var (node, row) in rows.Where(row => row.Value.State != "gone" || now - row.Value.Since < s_showGone))
        {
            _known[node] = row;
        }

        _hasLooked = true;
        watch.Put("nodes", null, Write);
    }

    /// <summary>How a node is, in a word; of several, what an operator has to know first.</summary>
    internal static string StateOf(MemberStatus status, bool isReachable, bool isDraining, bool isCordoned, int? shardsLeft) => (status, isReachable) switch
    {
        (MemberStatus.Down or MemberStatus.Removed, _) => "down",
        (_, false) => "unreachable",
        (MemberStatus.Leaving or MemberStatus.Exiting, _) => "leaving",
        (MemberStatus.Joining or MemberStatus.WeaklyUp, _) => "joining",
        _ => isDraining ? shardsLeft == 0 ? "drained" : "draining" : isCordoned ? "cordoned" : "up",
    };

    private IEnumerable<NodeRow> Rows()
    {
        var state = watch.Cluster.State;
        var control = PlacementControl.Get(watch.System);
        var placement = control.Nodes.ToDictionary(node => node.Node, StringComparer.Ordinal);
        var types = watch.Servers.Types.Select(type => type.Name).ToArray();
        foreach (var member in state.Members)
        {
            var address = member.Address.ToString();
            var known = placement.GetValueOrDefault(address);
            int? left = null;
            if (known is { IsDraining: true } && control.ShardsLeftOn(address) is var shards && types.All(shards.ContainsKey))
            {
                left = shards.Values.Sum();
            }

            var row = new NodeRow(
                address,
                Common.HostAndPort(member.Address),
                NodeLocation.FromRoles(member.Roles),
                StateOf(member.Status, !state.Unreachable.Contains(member), known?.IsDraining ?? false, known?.IsCordoned ?? false, left),
                member.AppVersion.Version);
            yield return row with
            {
                IsSelf = member.Address.Equals(watch.Cluster.SelfAddress),
                IsLeader = member.Address.Equals(state.Leader),
                IsDraining = known?.IsDraining ?? false,
                IsCordoned = known?.IsCordoned ?? false,
                Report = known?.Report,
                ShardsLeft = left,
            };
        }
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteString("system", watch.System.Name);
        json.WriteStartArray("types");
        foreach (var type in watch.Servers.Types)
        {
            json.WriteStartObject();
            json.WriteString("type", type.Name);
            json.WriteNumber("shardCount", type.ShardCount);
            json.WriteString("role", type.Role);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("nodes");
        foreach (var row in _known.Values.OrderBy(row => row.Location.Region, StringComparer.Ordinal).ThenBy(row => row.Node, StringComparer.Ordinal))
        {
            Write(json, row);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, NodeRow row)
    {
        json.WriteStartObject();
        json.WriteString("node", row.Node);
        json.WriteString("name", row.Name);
        json.WriteString("region", row.Location.Region);
        json.WriteString("zone", row.Location.Zone);
        json.WriteString("machine", row.Location.Machine);
        json.WriteString("state", row.State);
        json.WriteString("version", row.Version);
        json.WriteBoolean("self", row.IsSelf);
        json.WriteBoolean("leader", row.IsLeader);
        json.WriteBoolean("draining", row.IsDraining);
        json.WriteBoolean("cordoned", row.IsCordoned);
        if (row.ShardsLeft is { } left)
        {
            json.WriteNumber("shardsLeft", left);
        }

        if (row.Since is { } since)
        {
            json.WriteString("since", since);
        }

        if (row.Report is { } report)
        {
            json.WriteStartObject("report");
            json.WriteNumber("servers", report.Servers);
            Number(json, "maxServers", report.Limits.MaxServers);
            Number(json, "cpu", report.CpuPercent);
            Number(json, "maxCpu", report.Limits.MaxCpuPercent);
            Number(json, "memory", report.MemoryPercent);
            Number(json, "maxMemory", report.Limits.MaxMemoryPercent);
            Number(json, "disk", report.DiskPercent);
            Number(json, "maxDisk", report.Limits.MaxDiskPercent);
            json.WriteStartObject("types");
            foreach (var (type, count) in report.ServersByType)
            {
                json.WriteNumber(type, count);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    // Whole numbers: nobody reads more from a bar, and what wavers is no news.
    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, Math.Round(number));
        }
    }
}
