using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>A write that somebody waits for.</summary>
internal abstract class WriteOperation(ServerId id)
{
    public ServerId Id { get; } = id;

    /// <summary>How many bytes of state it carries.</summary>
    public virtual int Size => 0;

    /// <summary>Its place in the order in which operations came; for the queue.</summary>
    public long Number { get; set; }

    /// <summary>The next operation on the same record, which waits for this one; for the queue.</summary>
    public WriteOperation? Next { get; set; }

    /// <summary>Whether the executor has said how it ended.</summary>
    public bool IsDecided { get; protected set; }

    /// <summary>Whether nobody waits any more; such an operation need not be sent.</summary>
    public abstract bool IsAbandoned { get; }

    /// <summary>Takes back the outcome: what the executor saw was not committed.</summary>
    public void Undecide() => IsDecided = false;

    /// <summary>Whether its caller waits with a bare callback that wants no context, as the servers do: it may run right after others of its group. Async methods and tasks may go on to wait for one of those.</summary>
    public abstract bool IsAwaitedBarely { get; }

    /// <summary>Hands the outcome to the caller.</summary>
    /// <param name="here">Whether a bare callback may run on the calling thread; all else goes on by the thread pool.</param>
    public abstract void Complete(bool here);

    /// <summary>Hands a failure to the caller.</summary>
    /// <param name="failure">Why it was not written.</param>
    /// <param name="here">As with <see cref="Complete"/>.</param>
    public abstract void Fail(StoreUnavailableException failure, bool here);
}
