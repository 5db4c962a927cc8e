using Akka.Actor;
using Akka.Actor.Setup;

namespace AkkaDurable.Sql;

/// <summary>Says where <see cref="SqlLease"/> keeps the leases of an actor system. Part of the <see cref="ActorSystemSetup"/>; apps that use Akka.Hosting need not touch it.</summary>
public sealed class SqlLeaseSetup : Setup
{
    /// <summary>Makes the setup.</summary>
    /// <param name="options">Tells the database, which must be the same one for all nodes. Asked once, when a lease is first acquired.</param>
    public SqlLeaseSetup(Func<ActorSystem, SqlStateStoreOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
    }

    /// <summary>Tells the database. Asked once, when a lease is first acquired.</summary>
    public Func<ActorSystem, SqlStateStoreOptions> Options { get; }

    /// <summary>What renewals and time-outs go by on this node; when a lease runs out for others is told by the database's own clock.</summary>
    /// <value>The default is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Time { get; set; } = TimeProvider.System;
}
