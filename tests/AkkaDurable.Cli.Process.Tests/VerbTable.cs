namespace AkkaDurable.Cli.Process.Tests;

/// <summary>A row for each verb there is.</summary>
internal static class VerbTable
{
    private const string Node = @"akka\.tcp://shop@127\.0\.0\.1:\d+";
    private static readonly string[] s_add = ["Add"];
    private static readonly string[] s_robbed = ["Add", "Rob"];

    public static IReadOnlyList<VerbRow> Rows { get; } =
    [
        new("cluster show", "", $@"^{Node} \| status: Up \| reachable: yes \| region: us \| zone: us-a", "member", ("status", "Up"), ("region", "us"), ("reachable", "true"), ("node", "{us-node}")),
        new("cluster tail", "", @"\| what: Up \| node: ", "event", ("what", "Up")) { Follows = true },
        new("cluster leave", "-n {leaver} --yes", @"^{leaver-node} was told to leave; follow it with: cluster tail$", ""),
        new("cluster down", "{downed} --yes", @"^{downed-node} was put out$", ""),
        new("cluster down-unreachable", "--yes", "^no member is unreachable$", ""),

        new("cluster-sharding list-types", "", @"^till \| shardCount: 8 \| role:  \| jsonCalls: yes$", "type", ("type", "till"), ("shardCount", "8"), ("jsonCalls", "true")),
        new("cluster-sharding regions", "-t till", $@"^{Node} \| region: us \| status: Up \| reachable: yes \| answers: yes", "region", ("node", "{us-node}"), ("answers", "true")),
        new("cluster-sharding region-stats", "-t till", $@"^{Node} \| type: till \| region: us .*\| shards: \d+ \| servers: \d+$", "region-stats", ("node", "{us-node}"), ("type", "till"), ("servers", @"^\d+$")) { Calls = s_add },
        new("cluster-sharding shards", "-t till", $@"^eu~\d \| node: {Node} \| region: eu \| home: eu \| away: no \| servers: \d+", "shard", ("home", "eu"), ("away", "false")) { Calls = s_add },
        new("cluster-sharding locate", "-t till KEY", $@"^KEY \| shard: eu~\d \| home: eu \| node: {Node} \| region: eu", "location", ("key", "KEY"), ("region", "eu")) { Calls = s_add },
        new("cluster-sharding move", "-t till eu~3 -to {eu2}", @"^eu~3 \| node: {eu2-node} \| outcome: ", "move", ("shard", "eu~3"), ("node", "{eu2-node}")) { Calls = s_add },
        new("cluster-sharding rebalance", "-t till -most 2", @"^(eu~\d \| from: .* \| outcome: Done|nothing is to be moved)", ""),
        new("cluster-sharding tail", "-t till", @"\| what: Here \| shard: eu~\d", "event", ("what", "Here")) { Calls = s_add, Follows = true },

        new("servers list", "-t till -p KEY", $@"^KEY \| status: Running \| node: {Node} \| region: eu \| epoch: 1", "server", ("key", "KEY"), ("status", "Running"), ("epoch", "1")) { Calls = s_add },
        new("servers count", "-t till", @"^till \| all: \d+ \| Running: \d+", "count", ("type", "till"), ("all", @"^\d+$")) { Calls = s_add },
        new("servers info", "-t till KEY", $@"^KEY \| type: till \| running: yes \| status: Running \| node: {Node} \| region: eu", "info", ("running", "true"), ("home", "eu")) { Calls = s_add },
        new("servers state", "-t till KEY", @"^KEY \| revision: \d+ .*\| state: \{""Coins"":1\}$", "state", ("key", "KEY"), ("state", @"^\{""Coins"":1\}$")) { Calls = s_add },
        new("servers crashes", "-t till KEY", @"^KEY \| at: .* \| reason: .*robbed by Clyde", "crash", ("key", "KEY"), ("reason", "^.*robbed by Clyde")) { Calls = s_robbed },
        new("servers tail", "-t till -p KEY", @"\| what: Registered \| type: till \| key: KEY ", "event", ("what", "Registered"), ("key", "KEY")) { Calls = s_add, Follows = true },
        new("servers start", "-t till KEY", @"^KEY \| type: till \| outcome: (New|Started|Created)", "outcome", ("key", "KEY"), ("outcome", "^(New|Started|Created)")),
        new("servers stop", "-t till KEY", @"^KEY \| type: till \| outcome: Stopped$", "outcome", ("outcome", "Stopped")) { Calls = s_add },
        new("servers stop-permanently", "-t till KEY", @"^KEY \| type: till \| outcome: StoppedPermanently$", "outcome", ("outcome", "StoppedPermanently")) { Calls = s_add },
        new("servers delete", "-t till KEY --yes", @"^KEY \| type: till \| outcome: Deleted$", "outcome", ("outcome", "Deleted")) { Calls = s_add },
        new("servers cordon", "-t till KEY", @"^KEY \| type: till \| outcome: Cordoned$", "outcome", ("outcome", "Cordoned")) { Calls = s_add },
        new("servers uncordon", "-t till KEY", @"^KEY \| type: till \| outcome: Uncordoned$", "outcome", ("outcome", "Uncordoned")) { Calls = s_add, Before = ["servers cordon -t till KEY"] },
        new("servers rehome", "-t till KEY -to {us}", @"^KEY \| shard: eu~\d \| node: {us-node} \| outcome: ", "move", ("key", "KEY"), ("node", "{us-node}")) { Calls = s_add },
        new("servers call", "-t till KEY -m Add -b {\"Coins\":5}", @"^KEY \| reply: 5$", "reply", ("key", "KEY"), ("reply", "5")),

        new("placement show", "", $@"^{Node} \| region: us \| zone: us-a .*\| status: Up \| reachable: yes", "node", ("node", "{us-node}"), ("draining", "false")),
        new("placement explain", "-t till KEY", @"^KEY \| shard: eu~\d \| home: eu \| outcome: .* \| reason: Running", "decision", ("key", "KEY"), ("reason", "Running")) { Calls = s_add },
        new("placement drain", "{us}", "^{us-node} has no shards any more$", "outcome", ("node", "{us-node}"), ("outcome", "^(Done|AlreadySo)$")) { After = ["placement undrain {us}"] },
        new("placement undrain", "{us}", @"^{us-node} \| outcome: Done", "outcome", ("outcome", "Done")) { Before = ["placement drain {us} -no-wait"] },
        new("placement cordon-node", "{us}", @"^{us-node} \| outcome: Done", "outcome", ("outcome", "Done")) { After = ["placement uncordon-node {us}"] },
        new("placement uncordon-node", "{us}", @"^{us-node} \| outcome: Done", "outcome", ("outcome", "Done")) { Before = ["placement cordon-node {us}"] },
        new("placement history", "-t till", $@"^eu~\d \| home: eu \| node: {Node} \| region: ", "place", ("home", "eu")) { Calls = s_add },

        new("groups list", "", @"^desk/us \| members: 1 \| nodes: 1$", "group", ("group", "desk/us"), ("members", "1")),
        new("groups members", "desk/us", @"^desk/us \| member: .* \| node: {us-node}", "member", ("group", "desk/us"), ("node", "{us-node}")),
        new("groups tail", "desk/us", @"\| what: Joined .*\| group: desk/us ", "event", ("what", "Joined"), ("group", "desk/us")) { Follows = true },

        new("tree show", "-n {us}", @"^    clerk \| path: shop/checkout/clerk \| .*status: Running", "child", ("path", "shop/checkout/clerk"), ("status", "Running"), ("node", "{us-node}")),
        new("tree stop", "shop/checkout/clerk -n {us}", @"^shop/checkout/clerk \| outcome: Stopped \| node: {us-node}$", "outcome", ("outcome", "Stopped"), ("node", "{us-node}")) { After = ["tree start shop/checkout/clerk -n {us}"] },
        new("tree start", "shop/checkout/clerk", @"^shop/checkout/clerk \| outcome: Started \| node: {eu-node}$", "outcome", ("outcome", "Started")) { Before = ["tree stop shop/checkout/clerk"] },
        new("tree restart", "shop/checkout/clerk -n {eu2}", @"^shop/checkout/clerk \| outcome: Restarted \| node: {eu2-node}$", "outcome", ("outcome", "Restarted")),

        new("system info", "-all", @"^shop \| node: {us-node} \| status: Up", "system", ("system", "shop"), ("node", "{us-node}")),
        new("system health", "-n {us}", @"^akka\.durable\.store \| status: Healthy .*\| node: {us-node}$", "check", ("check", "akka.durable.store"), ("status", "Healthy"), ("node", "{us-node}")),
        new("system config", "akka.remote.dot-netty.tcp -n {us}", @"^akka\.remote\.dot-netty\.tcp\.hostname \| value: ""?127\.0\.0\.1", "setting", ("setting", "akka.remote.dot-netty.tcp.hostname")),

        new("log tail", "-all -m clerk", @"\| level: InfoLevel \| source: .* \| message: the clerk begins .*\| node: {us-node}$", "log", ("level", "InfoLevel"), ("node", "{us-node}")) { Meanwhile = "tree restart shop/checkout/clerk -n {us}", Follows = true },
        new("log level", "-all", @"^(debug|info|warning|error) \| node: {us-node}$", "level", ("node", "{us-node}")),
        new("log set-level", "error -n {us}", @"^error \| node: {us-node}$", "level", ("level", "error"), ("node", "{us-node}")) { After = ["log set-level warning -n {us}"] },
    ];
}
