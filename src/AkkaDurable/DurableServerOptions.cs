using System.Text.Json;

namespace AkkaDurable;

/// <summary>How the servers of one type run. Set before the type is registered; validated then.</summary>
public sealed class DurableServerOptions
{
    internal const int DefaultShardCount = 100;
    internal const int DefaultMaxStateSize = 1024 * 1024;
    internal const int DefaultMaxWaitingMessages = 10_000;
    internal const int DefaultStateChecks = 100;

    /// <summary>How many shards the type's keys are spread over: about ten for each node that there will ever be. Fixed for the life of the data: the store remembers it, and a changed one is refused at startup.</summary>
    /// <value>The default is 100. 1 to 10,000.</value>
    public int ShardCount { get; set; } = DefaultShardCount;

    /// <summary>When changed state is saved.</summary>
    /// <value>The default is <see cref="SavePolicy.EveryChange"/>.</value>
    public SavePolicy Save { get; set; } = SavePolicy.EveryChange;

    /// <summary>After how long without a message a server saves, leaves memory and waits in the store for its next message. <see cref="Timeout.InfiniteTimeSpan"/>: never.</summary>
    /// <value>The default is 2 minutes. At least 100 ms.</value>
    /// <remarks>A server with timers does not passivate by idling.</remarks>
    public TimeSpan PassivateAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How many servers of the type may be in memory on one node; beyond that the least recently used ones passivate, timers or not.</summary>
    /// <value>The default is <see langword="null"/>: no limit. At least 1.</value>
    public int? MaxActiveServers { get; set; }

    /// <summary>The largest state, in bytes of JSON.</summary>
    /// <value>The default is 1,048,576 (1 MiB). 1 to 1 GiB.</value>
    public int MaxStateSize { get; set; } = DefaultMaxStateSize;

    /// <summary>How many messages may wait for one server; further ones are refused with <see cref="OverloadedException"/>.</summary>
    /// <value>The default is 10,000. At least 1.</value>
    public int MaxWaitingMessages { get; set; } = DefaultMaxWaitingMessages;

    /// <summary>How long a call waits for its reply unless it says otherwise. <see cref="Timeout.InfiniteTimeSpan"/>: for ever.</summary>
    /// <value>The default is 5 seconds, as in GenServer. At least 1 ms.</value>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Only nodes with this cluster role run the type's servers. Other nodes reach them through a proxy.</summary>
    /// <value>The default is <see langword="null"/>: all nodes. Then every member of the cluster must register the type, or no server of it starts anywhere.</value>
    public string? Role { get; set; }

    /// <summary>How states and messages are written as JSON. Set a <c>TypeInfoResolver</c> to use source-generated contexts. Frozen when the type is registered.</summary>
    /// <value>The default is System.Text.Json's.</value>
    public JsonSerializerOptions Json { get; set; } = new();

    /// <summary>Message types beyond those in the server's own assembly.</summary>
    public DurableMessageTypes Messages { get; } = new();

    /// <summary>How many of the first saves on each node are read back, to find out whether the state survives JSON at all: a property that cannot be set would otherwise be lost unnoticed.</summary>
    /// <value>The default is 100. 0 turns the check off.</value>
    public int StateChecks { get; set; } = DefaultStateChecks;

    internal void Validate(string typeName)
    {
        Check(nameof(ShardCount), ShardCount, ShardCount is >= 1 and <= 10_000, "it must be 1 to 10,000");
        Check(nameof(Save), Save, Save is not null, "it must be set");
        Check(nameof(PassivateAfter), PassivateAfter, PassivateAfter == Timeout.InfiniteTimeSpan || PassivateAfter >= TimeSpan.FromMilliseconds(100), "it must be at least 100 ms, or infinite");
        Check(nameof(MaxActiveServers), MaxActiveServers, MaxActiveServers is null or >= 1, "it must be at least 1");
        Check(nameof(MaxStateSize), MaxStateSize, MaxStateSize is >= 1 and <= 1 << 30, "it must be 1 byte to 1 GiB");
        Check(nameof(MaxWaitingMessages), MaxWaitingMessages, MaxWaitingMessages >= 1, "it must be at least 1");
        Check(nameof(CallTimeout), CallTimeout, CallTimeout == Timeout.InfiniteTimeSpan || CallTimeout >= TimeSpan.FromMilliseconds(1), "it must be at least 1 ms, or infinite");
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
