namespace AkkaDurable.Process.Tests;

/// <summary>The check of the reads finds what is wrong, and nothing else.</summary>
public sealed class StaleReadCheckTests
{
    // Change 1 is sent at 10 and acknowledged at 20, change 2 at 30 and 40, change 3 is sent at 50.
    private static readonly LoadKey s_key = new("a") { SentAt = { 10, 30, 50 }, AcknowledgedAt = { 20, 40 } };

    [Theory]
    [InlineData(0, 1, 5)]
    [InlineData(0, 15, 16)]
    [InlineData(1, 15, 16)]
    [InlineData(1, 21, 25)]
    [InlineData(1, 35, 60)]
    [InlineData(2, 35, 60)]
    [InlineData(2, 45, 46)]
    [InlineData(3, 45, 55)]
    [InlineData(1, 40, 45)]
    public void What_may_have_been_so_during_the_read_passes(long changes, long start, long end) => Assert.Empty(Find(At(changes, start, end)));

    [Theory]
    [InlineData(0, 21, 60)]
    [InlineData(1, 41, 60)]
    [InlineData(1, 5, 9)]
    [InlineData(3, 41, 49)]
    public void What_cannot_have_been_so_is_found(long changes, long start, long end) => Assert.Equal(At(changes, start, end), Assert.Single(Find(At(changes, start, end))).Read);

    [Fact]
    public void A_read_must_not_go_back_behind_another_that_ended_before()
    {
        var later = At(2, 57, 58);

        Assert.Equal(later, Assert.Single(Find(At(3, 51, 56), later)).Read);
        Assert.Empty(Find(At(3, 51, 57), later));
    }

    [Fact]
    public void Failed_reads_say_nothing() => Assert.Empty(Find(At(0, 100, 110) with { Failure = "OutcomeUnknownException" }));

    [Fact]
    public void Reads_are_found_again_in_the_file_and_a_line_that_was_cut_off_is_left_out()
    {
        var folder = Directory.CreateTempSubdirectory("process-tests-reads-");
        try
        {
            Read[] reads = [At(3, 51, 56) with { Process = Environment.ProcessId }, new(Environment.ProcessId, "b", 0, 60, 70, "OutcomeUnknownException")];
            using (var log = new ReadLog(folder.FullName))
            {
                Array.ForEach(reads, log.Add);
            }

            File.AppendAllText(folder.GetFiles().Single().FullName, "c 12 3");

            Assert.Equal(reads, ReadLog.ReadAll(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Read At(long changes, long start, long end) => new(Process: 1, "a", changes, start, end, Failure: null);

    private static IReadOnlyList<StaleRead> Find(params Read[] reads) => StaleRead.Find(reads, [s_key]);
}
