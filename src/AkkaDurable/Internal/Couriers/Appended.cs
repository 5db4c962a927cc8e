namespace AkkaDurable.Internal.Couriers;

/// <summary>What became of an entry that was to be appended to a <see cref="BatchQueue"/>.</summary>
internal enum Appended
{
    Taken,

    /// <summary>Not taken: the other node does not keep up.</summary>
    Full,

    /// <summary>Not taken: the other node is gone.</summary>
    Closed,
}
