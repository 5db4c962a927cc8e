using System.Text.Json;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Placement;

namespace AkkaDurable;

/// <summary>How the servers of one type run. Set before the type is registered; validated then.</summary>
public sealed class DurableServerOptions
{
    internal const int DefaultShardCount = 100;
    internal const int DefaultMaxStateSize = 1024 * 1024;
    internal const int DefaultMaxWaitingMessages = 10_000;
    internal const int DefaultStateChecks = 100;
    internal const int DefaultRememberedCalls = 256;
    internal const int DefaultMaxCrashes = 5;
    internal const int DefaultBreakerCrashes = 50;
    internal const int DefaultRememberedReplyBytes = 64 * 1024;

    /// <summary>How many shards the type's keys are spread over: about ten for each node that there will ever be. Fixed for the life of the data: the store remembers it, and a changed one is refused at startup.</summary>
    /// <value>The default is 100. 1 to 10,000.</value>
    public int ShardCount { get; set; } = DefaultShardCount;

    /// <summary>
    /// The region that a key belongs to; <see langword="null"/> for a key without one. It is part of the shard's name, so it must give the same region for the same key on every node, proxies included, at any time. It is
    /// asked for each message: it should be quick, and it must be safe for concurrent use.
    /// </summary>
    /// <value>The default is <see langword="null"/>: a shard belongs to the region of the node that first asks for it, and stays there.</value>
    /// <remarks>A region's name has 1 to 32 lower-case ASCII letters, digits and <c>-</c>, and begins and ends with a letter or digit.</remarks>
    public Func<string, string?>? HomeRegion { get; set; }

    /// <summary>The regions there are. A key whose <see cref="HomeRegion"/> is none of them is refused with <see cref="UnknownRegionException"/>.</summary>
    /// <value>The default is <see langword="null"/>: any. Without duplicates, 1 to 1,000.</value>
    public IReadOnlyList<string>? Regions { get; set; }

    /// <summary>Which nodes may run a shard of servers, what happens when its node is lost, and how shards move.</summary>
    /// <value>The default is <see cref="PlacementOptions"/>' own: any node, the home region preferred. Where its <see cref="PlacementOptions.History"/> is not set, places are kept in the state store.</value>
    public PlacementOptions Placement { get; set; } = new();

    /// <summary>When changed state is saved.</summary>
    /// <value>The default is <see cref="SavePolicy.EveryChange"/>.</value>
    public SavePolicy Save { get; set; } = SavePolicy.EveryChange;

    /// <summary>Whether a server must be sure, before it answers, that no other node has taken it over.</summary>
    /// <value>The default is <see cref="ReadPolicy.Fenced"/>.</value>
    public ReadPolicy Reads { get; set; } = ReadPolicy.Fenced;

    /// <summary>After how long without a message a server saves, leaves memory and waits in the store for its next message. <see cref="Timeout.InfiniteTimeSpan"/>: never.</summary>
    /// <value>The default is 2 minutes. At least 100 ms.</value>
    /// <remarks>A server with timers does not passivate by idling.</remarks>
    public TimeSpan PassivateAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How many servers of the type may be in memory on one node; beyond that the least recently used ones passivate, timers or not.</summary>
    /// <value>The default is <see langword="null"/>: no limit. At least 1.</value>
    public int? MaxActiveServers { get; set; }

    /// <summary>The largest state, in bytes as it is stored: of JSON, in which a codec's bytes take a third more.</summary>
    /// <value>The default is 1,048,576 (1 MiB). 1 to 1 GiB.</value>
    public int MaxStateSize { get; set; } = DefaultMaxStateSize;

    /// <summary>How many messages may wait for one server; further ones are refused with <see cref="OverloadedException"/>.</summary>
    /// <value>The default is 10,000. At least 1.</value>
    public int MaxWaitingMessages { get; set; } = DefaultMaxWaitingMessages;

    /// <summary>How long a call waits for its reply unless it says otherwise. <see cref="Timeout.InfiniteTimeSpan"/>: for ever.</summary>
    /// <value>The default is 5 seconds, as in GenServer. At least 1 ms.</value>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a call that got no answer waits before it is sent again, within its time-out; each further time twice as long. When a node has left the cluster that may have had it, it is sent again at once. The server sees to it that it runs once.</summary>
    /// <value>The default is 1 second. At least 50 ms.</value>
    public TimeSpan ResendAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Of how many of its last calls a server remembers the replies, so that a call which is sent again gets the reply of its first run. Only calls that changed the state, and that may be sent again, are
    /// remembered: most of the time that is the last call, or those that were under way at the same moment. Of sixteen times as many it remembers that they ran. Calls with an id that their caller gave
    /// (<see cref="CallOptions.Id"/>) are kept until there are more than this many, and written with each save meanwhile. Stored with the state.
    /// </summary>
    /// <value>The default is 256. 0 to 10,000; 0: none, and no call is sent again.</value>
    public int RememberedCalls { get; set; } = DefaultRememberedCalls;

    /// <summary>How many bytes of replies, as they are written, a server remembers. Beyond that it remembers only that the oldest calls ran.</summary>
    /// <value>The default is 65,536. At least 0.</value>
    public int RememberedReplyBytes { get; set; } = DefaultRememberedReplyBytes;

    /// <summary>How long a server remembers calls from a node that it does not hear from any more, and calls with an id that their caller gave.</summary>
    /// <value>The default is 10 minutes. At least 1 second.</value>
    public TimeSpan RememberCallsFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Whether the type's servers run always, once they were started: after a crash, the loss of their node, a deployment or a restart of the whole cluster they are started again without anybody calling them, and they do
    /// not passivate. A server's <c>Init</c> may say otherwise for itself. DurableServer's <c>permanent</c>.
    /// </summary>
    /// <value>The default is <see langword="false"/>: a server starts with its next message.</value>
    public bool Permanent { get; set; }

    /// <summary>How often the store is asked for permanent servers that run nowhere, although nothing in the cluster changed. After a node was lost, or joined, it is asked every half second for a while.</summary>
    /// <value>The default is 10 seconds. 100 ms to 1 hour.</value>
    public TimeSpan RecoveryInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>With how many crashes within <see cref="CrashWindow"/> a server is not started any more but by <see cref="ServerRef.StartAsync"/>. A crash is an exception of one of its handlers, or that ends its start; what the store does is none.</summary>
    /// <value>The default is 5. 1 to 30; <see langword="null"/>: it is always started again.</value>
    public int? MaxCrashes { get; set; } = DefaultMaxCrashes;

    /// <summary>How long a crash counts.</summary>
    /// <value>The default is 1 hour. At least 1 second.</value>
    public TimeSpan CrashWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a server waits before it starts again after its second crash within <see cref="CrashWindow"/>; twice as long after each further one. After the first it starts at once. Messages wait meanwhile.</summary>
    /// <value>The default is 200 ms. Zero: it never waits.</value>
    public TimeSpan RestartDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait before a restart.</summary>
    /// <value>The default is 30 seconds. Not shorter than <see cref="RestartDelay"/>.</value>
    public TimeSpan MaxRestartDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the servers of the type wait on this node until a supervision tree starts the type (<c>DurableChild.ServerType</c> of AkkaDurable.Hosting), so that none runs before what it depends on. What is sent to them meanwhile waits, up to
    /// <see cref="MaxWaitingMessages"/> a server; a call whose time-out comes first ends with <see cref="PlacementUnavailableException"/> and does not run.
    /// </summary>
    /// <value>The default is false: they run as soon as the type is registered.</value>
    public bool StartsHeld { get; set; }

    /// <summary>With how many crashes of servers of the type on one node within <see cref="BreakerWindow"/> that node pauses the restarts that nobody asked for, for <see cref="BreakerCoolDown"/>. Messages and starts on request start servers all the same.</summary>
    /// <value>The default is 50. At least 1; <see langword="null"/>: it never pauses.</value>
    public int? BreakerCrashes { get; set; } = DefaultBreakerCrashes;

    /// <summary>How long a crash counts for <see cref="BreakerCrashes"/>.</summary>
    /// <value>The default is 5 minutes. At least 1 second.</value>
    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long restarts are paused.</summary>
    /// <value>The default is 10 minutes. At least 1 second.</value>
    public TimeSpan BreakerCoolDown { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Only nodes with this cluster role run the type's servers. Other nodes reach them through a proxy.</summary>
    /// <value>The default is <see langword="null"/>: all nodes. Then every member of the cluster must register the type, or no server of it starts anywhere.</value>
    public string? Role { get; set; }

    /// <summary>How states and messages are written as JSON. Set a <c>TypeInfoResolver</c> to use source-generated contexts. Frozen when the type is registered.</summary>
    /// <value>The default is System.Text.Json's.</value>
    public JsonSerializerOptions Json { get; set; } = new();

    /// <summary>
    /// Another format than JSON for the type's messages and replies between nodes, and for its stored states. JSON is read all the same: what nodes without the codec send, and states that were stored without it, which are
    /// stored anew with their next change.
    /// </summary>
    /// <value>The default is <see langword="null"/>: JSON.</value>
    /// <remarks>
    /// <para>A node without the codec, or with another one, refuses what it cannot read: with <see cref="MessageRejectedException"/>, <see cref="ReplyUnreadableException"/> and <see cref="StateCorruptException"/>, and leaves
    /// stored states as they are. To turn a codec on while the cluster runs, first give it to all nodes with <see cref="WriteWithCodec"/> off.</para>
    /// <para><c>LoadState</c> migrates states that are stored as JSON only; a codec's state of an older <c>StateVersion</c> is refused, so let the type of the state change by the codec's own rules. <c>DumpState</c> must not be
    /// overridden.</para>
    /// </remarks>
    public DurableCodec? Codec { get; set; }

    /// <summary>Whether <see cref="Codec"/> writes; else it only reads, and JSON is written: for the first of two rolling updates that turn it on, and to turn it off.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool WriteWithCodec { get; set; } = true;

    /// <summary>Message types beyond those in the server's own assembly.</summary>
    public DurableMessageTypes Messages { get; } = new();

    /// <summary>Whether operators may send calls and casts to servers of the type as JSON (<see cref="IDurableServerType.CallJsonAsync"/>, <c>servers call</c> of the management commands).</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AllowJsonCalls { get; set; }

    /// <summary>How many of the first saves on each node are read back, to find out whether the state survives JSON at all: a property that cannot be set would otherwise be lost unnoticed.</summary>
    /// <value>The default is 100. 0 turns the check off.</value>
    public int StateChecks { get; set; } = DefaultStateChecks;

    internal void Validate(string typeName)
    {
        Check(nameof(ShardCount), ShardCount, ShardCount is >= 1 and <= 10_000, "it must be 1 to 10,000");
        Check(nameof(Regions), null, Regions is null or { Count: >= 1 and <= ShardLayout.MaxRegions }, "there are 1 to 1,000 regions");
        Check(nameof(Regions), null, Regions is null || HomeRegion is not null, "regions need a HomeRegion that says which one a key belongs to");
        foreach (var region in Regions ?? [])
        {
            Check(nameof(Regions), region, NodeLocation.IsRegionName(region), ShardLayout.RegionRule);
            Check(nameof(Regions), region, Regions!.Count(other => other == region) == 1, "each region is named once");
        }

        Check(nameof(Placement), null, Placement is not null, "it must be set");
        Check(nameof(Save), Save, Save is not null, "it must be set");
        Check(nameof(Reads), Reads, Enum.IsDefined(Reads), "it must be Fenced or Fast");
        Check(nameof(PassivateAfter), PassivateAfter, PassivateAfter == Timeout.InfiniteTimeSpan || PassivateAfter >= TimeSpan.FromMilliseconds(100), "it must be at least 100 ms, or infinite");
        Check(nameof(MaxActiveServers), MaxActiveServers, MaxActiveServers is null or >= 1, "it must be at least 1");
        Check(nameof(MaxStateSize), MaxStateSize, MaxStateSize is >= 1 and <= 1 << 30, "it must be 1 byte to 1 GiB");
        Check(nameof(MaxWaitingMessages), MaxWaitingMessages, MaxWaitingMessages >= 1, "it must be at least 1");
        Check(nameof(CallTimeout), CallTimeout, CallTimeout == Timeout.InfiniteTimeSpan || CallTimeout >= TimeSpan.FromMilliseconds(1), "it must be at least 1 ms, or infinite");
        Check(nameof(ResendAfter), ResendAfter, ResendAfter >= TimeSpan.FromMilliseconds(50), "it must be at least 50 ms");
        Check(nameof(RememberedCalls), RememberedCalls, RememberedCalls is >= 0 and <= 10_000, "it must be 0 to 10,000");
        Check(nameof(RememberedReplyBytes), RememberedReplyBytes, RememberedReplyBytes >= 0, "it must not be negative");
        Check(nameof(RememberCallsFor), RememberCallsFor, RememberCallsFor >= TimeSpan.FromSeconds(1), "it must be at least 1 second");
        Check(nameof(RecoveryInterval), RecoveryInterval, RecoveryInterval >= TimeSpan.FromMilliseconds(100) && RecoveryInterval <= TimeSpan.FromHours(1), "it must be 100 ms to 1 hour");
        Check(nameof(MaxCrashes), MaxCrashes, MaxCrashes is null or >= 1 and <= Internal.Healing.CrashBudget.MostCrashes, "it must be 1 to 30");
        Check(nameof(CrashWindow), CrashWindow, CrashWindow >= TimeSpan.FromSeconds(1), "it must be at least 1 second");
        Check(nameof(RestartDelay), RestartDelay, RestartDelay >= TimeSpan.Zero, "it must not be negative");
        Check(nameof(MaxRestartDelay), MaxRestartDelay, MaxRestartDelay >= RestartDelay && MaxRestartDelay <= TimeSpan.FromDays(1), "it must not be shorter than RestartDelay, nor longer than a day");
        Check(nameof(BreakerCrashes), BreakerCrashes, BreakerCrashes is null or >= 1, "it must be at least 1");
        Check(nameof(BreakerWindow), BreakerWindow, BreakerWindow >= TimeSpan.FromSeconds(1), "it must be at least 1 second");
        Check(nameof(BreakerCoolDown), BreakerCoolDown, BreakerCoolDown >= TimeSpan.FromSeconds(1), "it must be at least 1 second");
        Check(nameof(Role), Role, Role is null || !string.IsNullOrWhiteSpace(Role), "a role has a name");
        Check(nameof(Json), Json, Json is not null, "it must be set");
        Check(nameof(StateChecks), StateChecks, StateChecks >= 0, "it must not be negative");

        void Check(string option, object? value, bool isValid, string rule)
        {
            if (!isValid)
            {
                throw new DurableConfigurationException($"DurableServerOptions.{option} of '{typeName}'", value?.ToString(), rule);
            }
        }
    }
}
