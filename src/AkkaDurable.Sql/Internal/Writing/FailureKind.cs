namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>What a failed group means for its members.</summary>
internal enum FailureKind
{
    /// <summary>It is not known whether the group was written.</summary>
    Unknown = 0,

    /// <summary>Nothing was sent, for want of a connection or a lock; whatever else waits would fare alike.</summary>
    Unreachable,

    /// <summary>Nothing was written, because of other transactions; the same group may succeed when tried again.</summary>
    Contention,

    /// <summary>Nothing was written, because of what one of the members holds; the others may succeed without it.</summary>
    Member,
}
