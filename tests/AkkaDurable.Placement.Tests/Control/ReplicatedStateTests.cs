using AkkaDurable.Placement.Internal.Control;
using CsCheck;

namespace AkkaDurable.Placement.Tests.Control;

public sealed class ReplicatedStateTests
{
    private static readonly DateTimeOffset s_now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nodes_that_heard_the_same_in_any_order_any_number_of_times_agree() =>
        Gen.Select(Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[0, 2]).Array[1, 20], Gen.Int).Sample((said, seed) =>
        {
            // One node never says two things at one moment.
            var entries = said.Distinct().Select(word => new StateEntry($"k{word.Item1}", $"{word}", word.Item2, $"n{word.Item3}")).ToArray();
            var one = new ReplicatedState("a");
            var other = new ReplicatedState("b");
            one.Merge(entries);
            var random = new Random(seed);
            other.Merge(entries.OrderBy(_ => random.Next()));
            other.Merge(entries.OrderBy(_ => random.Next()));
            Assert.Equal(one.Entries.OrderBy(entry => entry.Key), other.Entries.OrderBy(entry => entry.Key));
        });

    [Fact]
    public void A_word_on_an_older_one_holds_though_the_clock_is_behind()
    {
        var ahead = new ReplicatedState("a");
        var behind = new ReplicatedState("b");
        behind.Merge([ahead.Say("k", "on", s_now)]);
        var undone = behind.Say("k", "", s_now.AddHours(-1));
        ahead.Merge([undone]);
        Assert.Equal("", ahead.Find("k")!.Value);
    }
}
