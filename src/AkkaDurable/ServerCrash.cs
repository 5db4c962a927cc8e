namespace AkkaDurable;

/// <summary>One crash of a server, as its record keeps it.</summary>
/// <param name="At">When, by the clock of the node that it ran on.</param>
/// <param name="Reason">The exception's type and message; at most 500 characters.</param>
/// <param name="Node">The address of the node that it ran on.</param>
public sealed record ServerCrash(DateTimeOffset At, string Reason, string Node);
