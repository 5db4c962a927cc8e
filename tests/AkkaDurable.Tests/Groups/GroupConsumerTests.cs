using AkkaDurable.Internal.Groups.Hub;

namespace AkkaDurable.Tests.Groups;

public sealed class GroupConsumerTests
{
    [Fact]
    public async Task What_was_missed_is_counted_once_when_there_is_room_for_the_note_and_not_for_the_message()
    {
        var consumer = new GroupConsumer(capacity: 2);
        await using var reader = consumer.ReadAsync(CancellationToken.None).GetAsyncEnumerator();
        consumer.Deliver("a");
        consumer.Deliver("b");
        consumer.Deliver("missed");
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal("a", reader.Current);

        // The note takes the place of the one that was read.
        consumer.Deliver("missed too");
        consumer.Complete();

        var (texts, missed) = (1, 0L);
        while (await reader.MoveNextAsync())
        {
            texts += reader.Current is string ? 1 : 0;
            missed += reader.Current is MessagesMissed note ? note.Count : 0;
        }

        Assert.Equal((2, 2L), (texts, missed));
    }
}
