namespace AkkaDurable.Process.Tests;

/// <summary>A read that a node did through itself. Times are those of <see cref="TimeProvider.GetTimestamp"/>, a clock that all processes of the machine share.</summary>
/// <param name="Process">The process id of the node.</param>
/// <param name="Key">What was read.</param>
/// <param name="Changes">What the server said; 0 when it failed.</param>
/// <param name="Start">Before it was sent.</param>
/// <param name="End">After it came back.</param>
/// <param name="Failure">The type of the exception, if it failed.</param>
internal readonly record struct Read(int Process, string Key, long Changes, long Start, long End, string? Failure);
