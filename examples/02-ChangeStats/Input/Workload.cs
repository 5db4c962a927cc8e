using AkkaDurable;

namespace ChangeStats.Input;

/// <summary>What the demo feeds: the changes in their order, and the straight count that the servers must end with.</summary>
internal sealed class Workload
{
    // Fewer would be done before a node can be killed in mid-run.
    private const int EnoughEvents = 20_000;

    private readonly IReadOnlyList<ChangeEvent> _changes;

    private Workload(string source, IReadOnlyList<ChangeEvent> changes, int rounds)
    {
        Source = source;
        Rounds = rounds;
        _changes = changes;
        Expected = Count(Events);
    }

    public string Source { get; }

    /// <summary>How many times the changes are fed, one after the other.</summary>
    public int Rounds { get; }

    public IReadOnlyDictionary<string, StatsState> Expected { get; }

    public long EventCount => (long)_changes.Count * Rounds;

    public IEnumerable<ChangeEvent> Events => Enumerable.Range(0, Rounds).SelectMany(_ => _changes);

    /// <summary>Reads a file or, without one, the history of the repository that the working directory or else this program stands in.</summary>
    public static async Task<Workload> LoadAsync(string? file, CancellationToken cancellationToken)
    {
        if (file is not null)
        {
            return Of(file, ChangeFile.Read(file), rounds: 1);
        }

        foreach (var folder in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
        {
            if (await GitHistory.ReadAsync(folder, cancellationToken) is var (root, changes))
            {
                return Of($"git log of {root}", changes, (int)Math.Ceiling(EnoughEvents / (double)Math.Max(1, changes.Count)));
            }
        }

        throw new InputException($"{Environment.CurrentDirectory} is in no git repository; give a file with --input");
    }

    public static Workload Of(string source, IReadOnlyList<ChangeEvent> changes, int rounds) =>
        changes.Count > 0 ? new Workload(source, changes, rounds) : throw new InputException($"{source}: there are no changes in it");

    private static Dictionary<string, StatsState> Count(IEnumerable<ChangeEvent> events)
    {
        var counts = new Dictionary<string, StatsState>(StringComparer.Ordinal);
        foreach (var change in events)
        {
            var before = counts.GetValueOrDefault(change.Path, new StatsState());
            counts[change.Path] = new StatsState(before.Changes + 1, before.Added + change.Added, before.Removed + change.Removed);
        }

        return counts;
    }
}
