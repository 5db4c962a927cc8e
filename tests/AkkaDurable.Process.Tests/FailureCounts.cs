using System.Collections.Concurrent;

namespace AkkaDurable.Process.Tests;

/// <summary>How calls failed: each type of exception with its count and the first message, which mostly names the cause.</summary>
internal sealed class FailureCounts
{
    private readonly ConcurrentDictionary<string, (long Count, string First)> _types = new(StringComparer.Ordinal);

    public long Total => _types.Values.Sum(type => type.Count);

    public void Add(Exception failure) =>
        _types.AddOrUpdate(failure.GetType().Name, static (_, first) => (1, Describe(first)), static (_, seen, _) => seen with { Count = seen.Count + 1 }, failure);

    public override string ToString() =>
        _types.IsEmpty ? "none" : string.Concat(_types.OrderBy(type => type.Key, StringComparer.Ordinal).Select(type => $"\n    {type.Key} {type.Value.Count:N0}, the first: {type.Value.First}"));

    private static string Describe(Exception failure) =>
        failure.InnerException is { } inner ? $"{failure.Message} <- {inner.GetType().Name}: {inner.Message}" : failure.Message;
}
