using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Hosting;
using AkkaDurable.Hosting.Internal.Stopping;
using AkkaDurable.Placement;
using AkkaDurable.Sql;
using AkkaDurable.Storage;

namespace AkkaDurable.Hosting.Internal.Wiring;

/// <summary>What the <c>With…</c> methods of one builder have said so far. Travels to the actor system, where <see cref="DurableHostExtension"/> acts on it: only there are the app's services known.</summary>
internal sealed class DurableHostSetup : Setup
{
    /// <summary>The store that the app asked for; <see langword="null"/>: the default one.</summary>
    public Func<ActorSystem, IStateStore>? StateStore { get; set; }

    /// <summary>What <c>WithDurableSql</c> says of the database; <see langword="null"/>: only the configuration does.</summary>
    public Action<SqlStateStoreOptions>? Sql { get; set; }

    /// <summary>Whether a node that was put out ends its process; <see langword="null"/>: the cluster is not ours to set up.</summary>
    public bool? EndProcessWhenDowned { get; set; }

    /// <summary>How long the node's lease lasts, when the code says so.</summary>
    public TimeSpan? LeaseTimeToLive { get; set; }

    /// <summary>How long the node may take to stop, when the code says so.</summary>
    public TimeSpan? ShutdownBudget { get; set; }

    /// <summary>Where the node is, if it was said.</summary>
    public NodeLocation? Location { get; set; }

    /// <summary>What is worth a warning once there is a log.</summary>
    public string? Warning { get; set; }

    public bool HasHealthCheck { get; set; }

    public static DurableHostSetup Of(AkkaConfigurationBuilder builder)
    {
        if (builder.Setups.OfType<DurableHostSetup>().SingleOrDefault() is { } existing)
        {
            return existing;
        }

        var setup = new DurableHostSetup();
        builder.AddSetup(setup).WithExtension<DurableHostExtensionProvider>();
        if (!builder.Setups.OfType<DurableServersSetup>().Any())
        {
            builder.AddSetup(new DurableServersSetup());
        }

        ShutdownVerb.ApplyDefault(builder);

        return setup;
    }
}
