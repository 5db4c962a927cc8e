using AkkaDurable.Benchmarks.Contenders;
using AkkaDurable.Benchmarks.Load;

namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>The rounds of several contenders under the same load. They take turns, so that whatever else the machine does hits all, and each round another one begins.</summary>
internal sealed class Match(IReadOnlyList<IContender> contenders)
{
    private readonly List<Sample>[] _samples = [.. contenders.Select(_ => new List<Sample>())];

    public async Task RoundAsync(int round, Func<IContender, Task<Sample>> run)
    {
        for (var i = 0; i < contenders.Count; i++)
        {
            var turn = (i + round) % contenders.Count;
            _samples[turn].Add(await run(contenders[turn]));
        }
    }

    /// <param name="workload">The workload's name.</param>
    /// <param name="title">The same for people.</param>
    /// <param name="database">Where.</param>
    public Result ToResult(string workload, string title, string database) =>
        new(workload, title, database, [.. contenders.Select((contender, i) => Score.Of(contender.Name, _samples[i]))]);
}
