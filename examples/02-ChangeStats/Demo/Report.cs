using ChangeStats.Feeding;
using ChangeStats.Input;

namespace ChangeStats.Demo;

/// <summary>The end of the demo, in lines.</summary>
internal static class Report
{
    private const int MostDifferences = 10;

    public static IEnumerable<string> Lines(Workload workload, FeedFigures figures, Check check, bool wasKilled)
    {
        yield return $"events sent    {figures.Sent:N0}, for {workload.Expected.Count:N0} files";
        yield return $"acknowledged   {figures.Acknowledged:N0}";
        yield return $"lost {check.Lost:N0}, doubled {check.Doubled:N0}";
        foreach (var difference in check.Differences.Take(MostDifferences))
        {
            yield return $"  {difference}";
        }

        if (check.Differences.Count > MostDifferences)
        {
            yield return $"  and {check.Differences.Count - MostDifferences:N0} more files that differ";
        }

        if (wasKilled)
        {
            yield return $"worst gap      {figures.WorstGap.Wait.TotalSeconds:0.0} s from the kill on, of {figures.WorstGap.Path}; "
                + $"{figures.HeldUp:N0} files waited longer than {FeedFigures.SlowAfter.TotalSeconds:0} s";
        }

        yield return $"speed          {figures.Acknowledged / figures.Duration.TotalSeconds:N0} events/s over {figures.Duration.TotalSeconds:0.0} s";
        yield return $"sent again     {figures.Failed:N0}{Reasons(figures)}";
    }

    private static string Reasons(FeedFigures figures) =>
        figures.Failed == 0 ? "" : $": {string.Join(", ", figures.Failures.Select(failure => $"{failure.Key} {failure.Value:N0}"))}";
}
