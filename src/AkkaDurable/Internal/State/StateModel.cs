namespace AkkaDurable.Internal.State;

/// <summary>How states of one server type are compared, written and read. One instance a server type and node, shared by all its servers.</summary>
internal abstract class StateModel
{
    /// <summary>Whether an unchanged reference proves an unchanged state.</summary>
    public abstract bool IsImmutable { get; }

    public abstract Type StateType { get; }

    /// <summary>Whether two states of an immutable type would be stored as the same.</summary>
    public abstract bool AreSame(DurableServer server, object left, object right);

    /// <summary>The state as UTF-8 JSON. Throws <see cref="StateWriteException"/>.</summary>
    public abstract ReadOnlyMemory<byte> Write(DurableServer server, object state);

    /// <summary>Throws whatever reading threw.</summary>
    public abstract object Read(DurableServer server, int version, ReadOnlyMemory<byte> json);

    public abstract int VersionOf(DurableServer server);

    /// <summary>Whether a server class has its own version of one of the base's methods.</summary>
    public abstract bool Overrides(Type serverType, string method);
}
