namespace AkkaDurable.Sql.Internal.Leasing;

/// <summary>Who wants or has a lease.</summary>
/// <param name="Holder">Drawn once for each lease object, so that a process that was started again under the same name is told from the one before; 0 is nobody.</param>
/// <param name="Name">The owner's name in Akka's settings: with the split-brain resolver the node's <c>system@host:port</c>.</param>
internal readonly record struct LeaseOwner(long Holder, string Name)
{
    public bool IsNobody => Holder == 0;
}
