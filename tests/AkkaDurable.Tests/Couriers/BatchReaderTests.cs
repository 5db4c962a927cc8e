using AkkaDurable.Internal.Couriers;
using AkkaDurable.Internal.Wire.V1;
using Google.Protobuf;

namespace AkkaDurable.Tests.Couriers;

public sealed class BatchReaderTests
{
    private static readonly byte[] s_good = new BatchEntry { Call = ByteString.CopyFromUtf8("good") }.ToByteArray();

    [Fact]
    public void Each_entry_is_read_as_protobuf_reads_it()
    {
        var batch = new Batch
        {
            Entries =
            {
                new BatchEntry { Call = ByteString.CopyFromUtf8("a") },
                new BatchEntry { Reply = ByteString.CopyFrom(new byte[300]) },
                new BatchEntry { ReturnedCast = ByteString.Empty },
            },
        };
        Assert.Equal(["Call 1", "Reply 300", "ReturnedCast 0"], Read(batch.ToByteArray(), out var defect));
        Assert.Null(defect);
    }

    [Fact]
    public void Fields_and_kinds_of_a_newer_version_are_passed_over()
    {
        byte[] newerEntry = [0x78, 0x05, .. s_good, 0x85, 0x01, 1, 2, 3, 4];
        byte[] unknownKind = [0x7A, 0x01, 0x41];
        byte[] batch = [0x10, 0x96, 0x01, .. Framed(newerEntry), 0x19, 1, 2, 3, 4, 5, 6, 7, 8, .. Framed(unknownKind), 0x22, 0x01, 0x41, .. Framed(s_good)];
        Assert.Equal(["Call 4", "0 0", "Call 4"], Read(batch, out var defect));
        Assert.Null(defect);
    }

    [Fact]
    public void An_entry_that_cannot_be_read_harms_no_other()
    {
        byte[] cut = [0x0A, 0x20, 0x41];
        Assert.Equal(["Call 4", "0 0", "Call 4"], Read([.. Framed(s_good), .. Framed(cut), .. Framed(s_good)], out var defect));
        Assert.Null(defect);
    }

    [Theory]
    [InlineData("0A7F41")]
    [InlineData("0AFFFFFFFFFFFFFFFFFFFF01")]
    [InlineData("0AFFFFFFFF0F")]
    [InlineData("0B")]
    [InlineData("02")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("09010203")]
    public void A_batch_is_read_up_to_its_first_defect(string rest)
    {
        Assert.Equal(["Call 4"], Read([.. Framed(s_good), .. Convert.FromHexString(rest), .. Framed(s_good)], out var defect));
        Assert.NotNull(defect);
    }

    [Fact]
    public void Whatever_protobuf_accepts_is_read_the_same_way_and_nothing_throws()
    {
        var random = new Random(4711);
        var seed = new Batch { Entries = { Enumerable.Range(0, 5).Select(i => new BatchEntry { Cast = ByteString.CopyFrom(new byte[i * 3]) }) } }.ToByteArray();
        var accepted = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = (byte[])seed.Clone();
            for (var change = random.Next(3); change >= 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var read = Read(bytes, out var defect);
            Batch batch;
            try
            {
                batch = Batch.Parser.ParseFrom(bytes);
            }
            catch (InvalidProtocolBufferException)
            {
                continue;
            }

            var expected = batch.Entries.Select(Show).ToList();
            Assert.Equal(defect is null ? expected : expected.Take(read.Count), read);
            accepted += defect is null ? 1 : 0;
        }

        Assert.True(accepted > 5_000, $"Only {accepted} of the changed batches were readable.");
    }

    private static byte[] Framed(byte[] entry) => [0x0A, (byte)entry.Length, .. entry];

    private static List<string> Read(byte[] batch, out string? defect)
    {
        var read = new List<string>();
        var reader = new BatchReader(batch);
        while (reader.TryRead(out var kind, out var body))
        {
            read.Add($"{kind} {body.Length}");
        }

        defect = reader.Defect;
        return read;
    }

    private static string Show(BatchEntry entry) => entry.MessageCase switch
    {
        BatchEntry.MessageOneofCase.Call => $"Call {entry.Call.Length}",
        BatchEntry.MessageOneofCase.Cast => $"Cast {entry.Cast.Length}",
        BatchEntry.MessageOneofCase.Control => $"Control {entry.Control.Length}",
        BatchEntry.MessageOneofCase.Reply => $"Reply {entry.Reply.Length}",
        BatchEntry.MessageOneofCase.ReturnedCall => $"ReturnedCall {entry.ReturnedCall.Length}",
        BatchEntry.MessageOneofCase.ReturnedCast => $"ReturnedCast {entry.ReturnedCast.Length}",
        BatchEntry.MessageOneofCase.ReturnedControl => $"ReturnedControl {entry.ReturnedControl.Length}",
        _ => "0 0",
    };
}
