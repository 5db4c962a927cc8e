namespace AkkaDurable.Sql.Internal.Leasing;

/// <summary>The table of leases that owners acquire by compare-and-swap. When one runs out is told by the clock of the database alone. Failures come out as <see cref="StoreUnavailableException"/>.</summary>
internal interface ILeaseTable
{
    /// <summary>Takes the lease if nobody holds it, its time is over, or the same holder has it.</summary>
    /// <returns>The row as it is then: taken when the holder is the one that asked.</returns>
    Task<LeaseRow> AcquireAsync(string name, LeaseOwner owner, TimeSpan timeToLive, CancellationToken cancellationToken);

    /// <summary>Extends the lease if the holder still has it.</summary>
    /// <returns>The row, with whoever asked to have it handed over; <see langword="null"/> when somebody else has it, or nobody.</returns>
    Task<LeaseRow?> RenewAsync(string name, long holder, TimeSpan timeToLive, CancellationToken cancellationToken);

    /// <summary>Asks the holder of this version to hand the lease over. The last one to ask counts.</summary>
    Task AskForAsync(string name, long version, LeaseOwner heir, CancellationToken cancellationToken);

    /// <summary>Makes the heir the holder, if the holder still has the lease and the heir is the one who asked last.</summary>
    Task HandOverAsync(string name, long holder, LeaseOwner heir, TimeSpan timeToLive, CancellationToken cancellationToken);

    /// <summary>Gives the lease back, if the holder has it.</summary>
    Task ReleaseAsync(string name, long holder, CancellationToken cancellationToken);
}
