using System.Text;
using AkkaDurable.Internal.Healing;
using CsCheck;

namespace AkkaDurable.Tests.Healing;

public sealed class CrashHistoryTests
{
    private static readonly CrashBudget s_budget = new(5, TimeSpan.FromHours(1), TimeSpan.Zero, TimeSpan.Zero);

    [Fact]
    public void What_is_written_is_what_was_written_ever()
    {
        var history = CrashHistory.Empty.Add(DateTimeOffset.UnixEpoch.AddSeconds(1), new InvalidOperationException("bäm"), "akka://n", s_budget);
        Assert.Equal("""[{"at":"1970-01-01T00:00:01+00:00","reason":"InvalidOperationException: bäm","node":"akka://n"}]""", Encoding.UTF8.GetString(history.Write().Span));
    }

    [Fact]
    public void Any_history_survives_its_JSON() =>
        Gen.Select(Gen.String, Gen.Int[0, 1_000], Gen.String).Array[0, 10].Sample(crashes =>
        {
            var (history, now) = (CrashHistory.Empty, DateTimeOffset.UnixEpoch);
            foreach (var (message, gap, node) in crashes)
            {
                now = now.AddSeconds(gap);
                history = history.Add(now, new InvalidOperationException(WithoutLoneSurrogates(message)), WithoutLoneSurrogates(node), s_budget);
            }

            Assert.Equal(history.Crashes, CrashHistory.Read(history.Write()).Crashes);
        });

    [Fact]
    public void Any_message_makes_a_reason_of_500_characters_at_most_that_can_be_stored() =>
        Gen.Select(Gen.String, Gen.Int[400, 600], Gen.Int[0, 2]).Sample((text, length, kind) =>
        {
            string[] fillers = ["x", "🧮", "\ud83e"];
            var message = text + string.Concat(Enumerable.Repeat(fillers[kind], length));
            var reason = CrashHistory.ReasonOf(new InvalidOperationException(message));
            Assert.InRange(reason.Length, 1, 500);
            Assert.StartsWith("InvalidOperationException: ", reason, StringComparison.Ordinal);
            Assert.Single(CrashHistory.Read(CrashHistory.Empty.Add(default, new InvalidOperationException(message), "n", s_budget).Write()).Crashes);
        });

    [Fact]
    public void A_reason_is_not_cut_in_the_middle_of_a_character()
    {
        var reason = CrashHistory.ReasonOf(new InvalidOperationException(string.Concat(Enumerable.Repeat("🧮", 300))));
        Assert.InRange(reason.Length, 499, 500);
        Assert.Equal(reason, WithoutLoneSurrogates(reason));
        Assert.EndsWith("🧮…", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void No_more_than_thirty_crashes_are_kept_and_those_are_the_last()
    {
        var history = CrashHistory.Empty;
        for (var i = 0; i < 50; i++)
        {
            history = history.Add(DateTimeOffset.UnixEpoch.AddSeconds(i), new InvalidOperationException($"{i}"), "n", s_budget);
        }

        Assert.Equal(Enumerable.Range(20, 30).Select(i => $"InvalidOperationException: {i}"), history.Crashes.Select(crash => crash.Reason));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[null]")]
    [InlineData("""[{"at":"yesterday","reason":"r","node":"n"}]""")]
    [InlineData("""[{"at":"1970-01-01T00:00:01+00:00","node":"n"}]""")]
    [InlineData("""[{"at":"1970-01-01T00:00:01+00:00","reason":"r","node":null}]""")]
    [InlineData("""[{"at":"1970-01-01T00:00:01+00:00"}""")]
    public void Text_that_is_none_of_ours_tells_of_no_crashes(string text) => Assert.Empty(CrashHistory.Read(Encoding.UTF8.GetBytes(text)).Crashes);

    [Fact]
    public void Any_bytes_can_be_read() => Gen.Byte.Array[0, 100].Sample(bytes => CrashHistory.Read(bytes).Crashes.Count >= 0);

    private static string WithoutLoneSurrogates(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
