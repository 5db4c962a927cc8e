namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>Writes groups, one after the other, over one connection that it opens when it needs one and replaces when it broke.</summary>
internal interface IGroupExecutor : IAsyncDisposable
{
    /// <summary>Whether the database is called synchronously, so that the loop must have a thread of its own.</summary>
    bool Blocks { get; }

    /// <summary>Whether a group may hold more than one operation on the same record.</summary>
    bool RepeatsRecords { get; }

    /// <summary>Runs the operations in one transaction and commits it.</summary>
    /// <returns>
    /// <see langword="null"/> when committed: every operation is decided, but for those that lost a race and have to run again.
    /// Otherwise why not; no operation's outcome counts then.
    /// </returns>
    ValueTask<WriteFailure?> ExecuteAsync(IReadOnlyList<WriteOperation> group, DateTimeOffset now);
}
