using AkkaDurable.Journal.Internal.Streams;
using AkkaDurable.Storage;

namespace AkkaDurable.Journal.Tests.Internal;

public sealed class PersistenceIdTests
{
    private static readonly PersistenceIds Ids = new(new string('p', PersistenceIds.MaxPrefix));

    [Fact]
    public void Plain_names_can_be_read() => Assert.Equal("shop/r/counter/key-1", new PersistenceIds("shop").Record(new ServerId("counter", "key-1")));

    [Fact]
    public void Names_that_a_database_might_confuse_stay_apart_and_short()
    {
        string[] keys = ["a", "A", "a ", " a", "ä", "a/b", "~a", "a~", new('k', 80), new('k', 81), new('K', 512), "日本語", "'"];
        var ids = keys.Select(key => Ids.Record(new ServerId("Counter", key))).Concat(keys.Select(key => Ids.Record(new ServerId("counter", key)))).ToList();

        Assert.Equal(ids.Count, ids.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(ids, id => Assert.InRange(id.Length, 1, 255));
        Assert.All(ids, id => Assert.Matches(@"^[a-z0-9/~._-]+\z", id));
    }
}
