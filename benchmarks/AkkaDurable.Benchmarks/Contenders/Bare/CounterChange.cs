namespace AkkaDurable.Benchmarks.Contenders.Bare;

/// <summary>A new count to be stored, if the stored one still has the expected revision.</summary>
internal readonly record struct CounterChange(int Counter, int Revision, int Count);
