using AkkaDurable.Journal.Internal.Events.V1;
using AkkaDurable.Journal.Internal.Index;

namespace AkkaDurable.Journal.Tests.Internal;

public sealed class KeySetTests
{
    [Fact]
    public void In_whatever_order_changes_come_a_record_that_exists_is_never_missing()
    {
        // Begun at 1, deleted at 5, begun anew at 6: each addition comes before its record, removals come at any time after.
        (long Number, bool IsAddition)[] changes = [(1, true), (5, false), (6, true), (5, false)];
        foreach (var order in Orders(changes))
        {
            var keys = new KeySet();
            foreach (var (number, isAddition) in order)
            {
                var entry = new IndexEntry { Key = "a", SequenceNr = number };
                keys.Apply(isAddition ? [entry] : [], isAddition ? [] : [entry]);
            }

            Assert.True(keys.Holds("a", 6), string.Join(", ", order));
        }
    }

    [Fact]
    public void A_removal_takes_away_what_began_before_it_ended()
    {
        var keys = new KeySet();
        keys.Apply([new IndexEntry { Key = "a", SequenceNr = 3 }], []);
        Assert.False(keys.IsEndedBy("a", 3));
        Assert.True(keys.IsEndedBy("a", 4));

        keys.Apply([], [new IndexEntry { Key = "a", SequenceNr = 4 }]);

        Assert.Empty(keys.Keys);
    }

    private static IEnumerable<T[]> Orders<T>(T[] items) =>
        items.Length <= 1 ? [items] : items.SelectMany((item, i) => Orders([.. items[..i], .. items[(i + 1)..]]).Select(rest => (T[])[item, .. rest]));
}
