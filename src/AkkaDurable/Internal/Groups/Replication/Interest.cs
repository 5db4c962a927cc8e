namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>What a node asks the others to tell it.</summary>
/// <param name="Id">Never given twice by a node: what was dropped and asked for again is told anew.</param>
/// <param name="Selector">Which entries.</param>
internal readonly record struct Interest(long Id, Selector Selector);
