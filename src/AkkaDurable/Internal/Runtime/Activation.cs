namespace AkkaDurable.Internal.Runtime;

/// <summary>One running server in its node's table.</summary>
internal sealed class Activation(IServerHost host)
{
    private long _lastUsed;

    public long LastUsed => Volatile.Read(ref _lastUsed);

    // Asked to go; not asked again by the same sweep of evictions.
    public bool IsLeaving { get; set; }

    public void Touch(TimeProvider time) => Volatile.Write(ref _lastUsed, time.GetTimestamp());

    public void Ask(PassivateServer message) => host.Post(message);
}
