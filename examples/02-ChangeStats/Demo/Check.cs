using System.Collections.Concurrent;
using AkkaDurable;
using ChangeStats.Feeding;

namespace ChangeStats.Demo;

/// <summary>Compares what the servers say with a straight count of the input.</summary>
internal sealed class Check
{
    /// <summary>Acknowledged changes that a server does not have.</summary>
    public long Lost { get; private init; }

    /// <summary>Changes that a server has more often than they were fed.</summary>
    public long Doubled { get; private init; }

    /// <summary>Files whose numbers differ in any way, with both.</summary>
    public IReadOnlyList<string> Differences { get; private init; } = [];

    public bool Passed => Lost == 0 && Doubled == 0 && Differences.Count == 0;

    public static async Task<Check> RunAsync(
        IReadOnlyDictionary<string, StatsState> expected, IDurableServers<FileStats> servers, FeederOptions options, CancellationToken cancellationToken)
    {
        var actual = new ConcurrentDictionary<string, StatsState>(StringComparer.Ordinal);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.InFlight, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(expected.Keys, parallel, async (path, cancellation) => actual[path] = await AskAsync(servers[path], options, cancellation));
        return Compare(expected, actual);
    }

    public static Check Compare(IReadOnlyDictionary<string, StatsState> expected, IReadOnlyDictionary<string, StatsState> actual)
    {
        // A server takes each number once and only upwards, so one file cannot both lose and double.
        var missing = expected.Select(file => file.Value.Changes - actual[file.Key].Changes).ToArray();
        return new Check
        {
            Lost = missing.Where(count => count > 0).Sum(),
            Doubled = -missing.Where(count => count < 0).Sum(),
            Differences = [.. expected.Where(file => file.Value != actual[file.Key]).Select(file => $"{file.Key}: expected {file.Value}, found {actual[file.Key]}").Order(StringComparer.Ordinal)],
        };
    }

    private static async Task<StatsState> AskAsync(ServerRef server, FeederOptions options, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await server.CallAsync(new GetStats(), options.CallTimeout, cancellationToken);
            }
            catch (DurableServerException e)
            {
                if (TimeProvider.System.GetElapsedTime(start) > options.GiveUpAfter)
                {
                    throw new FeedException($"{server} did not say its numbers within {options.GiveUpAfter.TotalSeconds:0} s; its last answer: {e.GetType().Name}: {e.Message}", e);
                }

                await Task.Delay(options.RetryAfter, cancellationToken);
            }
        }
    }
}
