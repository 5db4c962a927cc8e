using System.Text.RegularExpressions;
using AkkaDurable.Guard.Tests.Checks;

namespace AkkaDurable.Guard.Tests;

public sealed partial class TimerTests
{
    // A timer may go off after the source was disposed of; what Cancel throws then ends the process. A source with a delay of its own does not throw.
    [Fact]
    public void No_timer_cancels_a_source_that_may_be_disposed_of() =>
        Problems.AssertNone(Repository.Files("src", "*.cs").Select(static path => CancellingTimer().IsMatch(Repository.Read(path)!) ? $"{path} has a timer that calls Cancel; use new CancellationTokenSource(delay, timeProvider)" : null));

    [Theory]
    [InlineData("time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), patience, delay, Timeout.InfiniteTimeSpan)", true)]
    [InlineData("time.CreateTimer(\n    _ => _end.Cancel(), null, delay, Timeout.InfiniteTimeSpan)", true)]
    [InlineData("time.CreateTimer(_ => Look(), null, delay, Timeout.InfiniteTimeSpan);\nend.Cancel();", false)]
    public void Such_a_timer_is_found(string code, bool found) => Assert.Equal(found, CancellingTimer().IsMatch(code));

    [GeneratedRegex(@"CreateTimer\([^;]*\.Cancel\(\)")]
    private static partial Regex CancellingTimer();
}
