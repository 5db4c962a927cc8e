using AkkaDurable.Internal.Groups;
using AkkaDurable.Internal.Groups.Hub;

namespace AkkaDurable.Tests.Groups;

public sealed class GroupRuleTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("room/42")]
    [InlineData("Чат 🧮")]
    public void A_group_has_any_name_that_a_key_may_have(string group) => GroupRule.CheckGroup(group);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\n")]
    public void A_name_that_no_key_may_have_is_refused(string? group) => Assert.Throws<InvalidGroupException>(() => GroupRule.CheckQuery(group));

    [Fact]
    public void A_name_has_512_bytes_at_most()
    {
        GroupRule.CheckGroup(new string('é', 256));
        Assert.Throws<InvalidGroupException>(() => GroupRule.CheckGroup(new string('é', 257)));
        Assert.Throws<InvalidGroupException>(() => GroupRule.CheckGroup("\ud83e"));
    }

    [Fact]
    public void A_prefix_can_be_asked_for_but_not_joined()
    {
        GroupRule.CheckQuery("room/");
        Assert.Throws<InvalidGroupException>(() => GroupRule.CheckGroup("room/"));
    }

    [Fact]
    public void Metadata_has_64_entries_and_8_KiB_at_most_and_is_text()
    {
        GroupRule.CopyMeta(Enumerable.Range(0, 64).ToDictionary(i => $"{i}", i => $"{i}"));
        GroupRule.CopyMeta(new Dictionary<string, string> { ["a"] = new('x', 8_191) });
        Assert.Throws<InvalidMetadataException>(() => GroupRule.CopyMeta(Enumerable.Range(0, 65).ToDictionary(i => $"{i}", i => $"{i}")));
        Assert.Throws<InvalidMetadataException>(() => GroupRule.CopyMeta(new Dictionary<string, string> { ["a"] = new('x', 8_192) }));
        Assert.Throws<InvalidMetadataException>(() => GroupRule.CopyMeta(new Dictionary<string, string> { ["a"] = "\ud83e" }));
        Assert.Throws<InvalidMetadataException>(() => GroupRule.CopyMeta(new Dictionary<string, string> { ["a"] = null! }));
    }

    [Fact]
    public void Metadata_is_copied()
    {
        var given = new Dictionary<string, string> { ["a"] = "1" };
        var copy = GroupRule.CopyMeta(given);
        given["a"] = "2";
        Assert.Equal("1", copy["a"]);
    }

    [Fact]
    public async Task A_consumer_is_told_where_messages_were_dropped_also_when_none_follows()
    {
        var consumer = new GroupConsumer(capacity: 2);
        for (var i = 0; i < 5; i++)
        {
            consumer.Deliver(i);
        }

        await using var reader = consumer.ReadAsync(CancellationToken.None).GetAsyncEnumerator();
        Assert.Equal(0, await NextAsync());
        Assert.Equal(1, await NextAsync());
        Assert.Equal(new MessagesMissed(3), await NextAsync());
        consumer.Deliver(5);
        Assert.Equal(5, await NextAsync());
        consumer.Complete();
        Assert.False(await reader.MoveNextAsync());

        async Task<object> NextAsync() => await reader.MoveNextAsync() ? reader.Current : "the end";
    }
}
