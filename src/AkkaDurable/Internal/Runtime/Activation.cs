namespace AkkaDurable.Internal.Runtime;

/// <summary>A server's place in its node's table of running servers. Part of the server itself, since every one that runs has it.</summary>
internal abstract class Activation(IServerHost host)
{
    private long _lastUsed;
    private volatile bool _isLeaving;

    public long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>Asked to go; not asked again by the same sweep of evictions.</summary>
    public bool IsLeaving { get => _isLeaving; set => _isLeaving = value; }

    /// <summary>Belongs to the table.</summary>
    public bool IsListed { get; set; }

    /// <summary>Belongs to the table.</summary>
    public Activation? Previous { get; set; }

    /// <summary>Belongs to the table.</summary>
    public Activation? Next { get; set; }

    /// <summary>Runs always: not asked to go.</summary>
    public abstract bool Stays { get; }

    protected IServerHost Host { get; } = host;

    public void Touch(TimeProvider time) => Volatile.Write(ref _lastUsed, time.GetTimestamp());

    public void Ask(PassivateServer message) => Host.Post(message);
}
