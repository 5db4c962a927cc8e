using System.Text;
using AkkaDurable.Storage;
using AkkaDurable.TestKit;
using AkkaDurable.Tests;

namespace AkkaDurable.MemoryPack.Tests;

public sealed class CodecStateTests
{
    // Count 2 and "b", as MemoryPack 1.21 has them: two members; 2; one UTF-16 unit in one byte of UTF-8.
    private const string Golden = """{"$codec":"memorypack","data":"AgIAAAD+////AQAAAGI="}""";

    [Fact]
    public async Task A_state_is_stored_as_ever_and_survives_a_restart()
    {
        await using var probe = Probe();
        await probe.CallAsync(new Put("a"));
        await probe.CallAsync(new Put("b"));
        Assert.Equal(Golden, Text(await probe.ReadStoredAsync()));
        await probe.RestartAsync();
        Assert.Equal(new PackState(2, "b"), probe.State);
    }

    [Theory]
    [InlineData(Golden)]
    [InlineData("""{ "data" : "AgIAAAD+////AQAAAGI=" , "\u0024codec" : "memorypack", "$codec" : "memorypack" }""", false)]
    [InlineData("""{ "data" : "AgIAAAD+////AQAAAGI=" , "$codec" : "memorypack" }""")]
    [InlineData("""{"Count":2,"Last":"b"}""")]
    public async Task A_stored_state_is_read_whatever_way_it_is_laid_out(string stored, bool isWell = true)
    {
        await using var probe = Probe();
        await probe.PutStoredAsync(1, stored);
        if (isWell)
        {
            Assert.Equal(new PackReply(2, "b"), await probe.CallAsync(new Peek()));
        }
        else
        {
            await Assert.ThrowsAsync<StateCorruptException>(() => probe.CallAsync(new Peek()));
        }
    }

    [Fact]
    public async Task A_state_that_is_the_same_is_not_written()
    {
        await using var probe = Probe();
        await probe.CallAsync(new Put("a"));
        await probe.CallAsync(new Peek());
        await probe.RestartAsync();
        await probe.CallAsync(new Peek());
        Assert.Equal(1, probe.Saves);
        await probe.CallAsync(new Put("a"));
        Assert.Equal(2, probe.Saves);
    }

    [Fact]
    public async Task A_mutable_state_is_written_when_it_was_changed_in_place_and_only_then()
    {
        await using var probe = ServerProbe.For(() => new BasketPacker(), configure: Codec);
        await probe.CallAsync(new Put("apple"));
        await probe.CallAsync(new Peek());
        Assert.Equal(1, probe.Saves);
        await probe.CallAsync(new Put("pear"));
        Assert.Equal(2, probe.Saves);
        await probe.RestartAsync();
        Assert.Equal(["apple", "pear"], probe.State.Items);
        await probe.CallAsync(new Peek());
        Assert.Equal(2, probe.Saves);
    }

    [Fact]
    public async Task A_mutable_state_of_JSON_is_stored_anew_once()
    {
        await using var probe = ServerProbe.For(() => new BasketPacker(), configure: Codec);
        await probe.PutStoredAsync(1, """{"Items":["apple"]}""");
        await probe.CallAsync(new Put("pear"));
        Assert.StartsWith("""{"$codec":"memorypack",""", Text(await probe.ReadStoredAsync()), StringComparison.Ordinal);
        var saves = probe.Saves;
        await probe.RestartAsync();
        Assert.Equal(["apple", "pear"], probe.State.Items);
        await probe.CallAsync(new Peek());
        Assert.Equal(saves, probe.Saves);
    }

    [Fact]
    public async Task JSON_stays_until_the_state_changes()
    {
        await using var probe = Probe();
        await probe.PutStoredAsync(1, """{"Count":1,"Last":"a"}""");
        await probe.CallAsync(new Peek());
        Assert.Equal("""{"Count":1,"Last":"a"}""", Text(await probe.ReadStoredAsync()));
        await probe.CallAsync(new Put("b"));
        Assert.Equal(Golden, Text(await probe.ReadStoredAsync()));
    }

    [Fact]
    public async Task JSON_of_an_earlier_version_is_migrated_and_then_written_by_the_codec()
    {
        await using var probe = ServerProbe.For(() => new PackerV2(), configure: Codec);
        await probe.PutStoredAsync(1, """{"Total":7}""");
        Assert.Equal(new PackReply(7, "migrated"), await probe.CallAsync(new Peek()));
        await probe.CallAsync(new Put("b", 2));
        var stored = await probe.ReadStoredAsync();
        Assert.Equal(2, stored!.StateVersion);
        Assert.Equal(Golden, Text(stored));
        await probe.RestartAsync();
        Assert.Equal(new PackState(2, "b"), probe.State);
    }

    [Fact]
    public async Task An_earlier_version_by_the_codec_is_refused_and_left_as_it_is()
    {
        await using var probe = ServerProbe.For(() => new PackerV2(), configure: Codec);
        await probe.PutStoredAsync(1, Golden);
        var error = await Assert.ThrowsAsync<StateVersionException>(() => probe.CallAsync(new Peek()));
        Assert.Equal(1, error.StoredVersion);
        Assert.Contains("'memorypack'", error.Message, StringComparison.Ordinal);
        Assert.Equal(Golden, Text(await probe.ReadStoredAsync()));
    }

    [Fact]
    public async Task A_state_of_an_unknown_codec_is_refused_and_left_as_it_is()
    {
        const string Other = """{"$codec":"other","data":"AgIAAAD+////AQAAAGI="}""";
        await using var probe = Probe();
        await probe.PutStoredAsync(1, Other);
        var error = await Assert.ThrowsAsync<StateCorruptException>(() => probe.CallAsync(new Peek()));
        Assert.Contains("the codec 'other'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'memorypack' of id 1", error.Message, StringComparison.Ordinal);
        Assert.Equal(Other, Text(await probe.ReadStoredAsync()));
    }

    [Fact]
    public async Task A_node_without_the_codec_refuses_its_states_and_one_with_it_goes_on()
    {
        await using var store = new InMemoryStateStore();
        await using var without = ServerProbe.For(() => new Packer(), store: store);
        await without.PutStoredAsync(1, Golden);
        var error = await Assert.ThrowsAsync<StateCorruptException>(() => without.CallAsync(new Put("c")));
        Assert.Contains("the codec 'memorypack'", error.Message, StringComparison.Ordinal);
        Assert.Contains("no codec", error.Message, StringComparison.Ordinal);
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);

        await using var with = ServerProbe.For(() => new Packer(), configure: Codec, store: store);
        Assert.Equal(new PackReply(3, "c"), await with.CallAsync(new Put("c")));
    }

    [Fact]
    public async Task A_codec_that_only_reads_writes_JSON()
    {
        await using var probe = ServerProbe.For(() => new Packer(), configure: options => (options.Codec, options.WriteWithCodec) = (MemoryPackCodec.Instance, false));
        await probe.PutStoredAsync(1, Golden);
        Assert.Equal(new PackReply(3, "c"), await probe.CallAsync(new Put("c")));
        Assert.Equal("""{"Count":3,"Last":"c"}""", Text(await probe.ReadStoredAsync()));
    }

    [Theory]
    [InlineData("""{"$codec":"memorypack","data":"AgIAAAD+////AQAAAGI"}""")]
    [InlineData("""{"$codec":"memorypack","data":"AgIAAAD+////AQAA"}""")]
    [InlineData("""{"$codec":"memorypack","data":"AgIAAAD+////AQAAAGIA"}""")]
    [InlineData("""{"$codec":"memorypack","data":"/w=="}""")]
    [InlineData("""{"$codec":"memorypack","data":""}""")]
    [InlineData("""{"$codec":"memorypack"}""")]
    [InlineData("""{"$codec":null,"data":"AgIAAAD+////AQAAAGI="}""")]
    [InlineData("""{"$codec":"memorypack","data":"AgIAAAD+////AQAAAGI=","Count":2}""")]
    [InlineData("""{"$codec":"memorypack","data":"AgIAAAD+////AQAAAGI="}x""")]
    [InlineData("""{"$codec":"memorypack","data":"AgIAAAD+""")]
    public async Task A_damaged_state_is_refused_and_left_as_it_is(string stored)
    {
        await using var probe = Probe();
        await probe.PutStoredAsync(1, stored);
        await Assert.ThrowsAsync<StateCorruptException>(() => probe.CallAsync(new Put("c")));
        Assert.Equal(stored, Text(await probe.ReadStoredAsync()));
    }

    [Fact]
    public async Task JSON_that_would_be_taken_for_a_codecs_is_not_written()
    {
        await using var probe = ServerProbe.For(() => new DictionaryServer());
        await probe.CallAsync(new Put("codec"));
        var error = await Assert.ThrowsAsync<StateNotSerializableException>(() => probe.CallAsync(new Put("$codec")));
        Assert.Contains("$codec", error.Message, StringComparison.Ordinal);
        Assert.Equal("""{"codec":""}""", Text(await probe.ReadStoredAsync()));
    }

    [Fact]
    public async Task A_state_counts_as_large_as_it_is_stored()
    {
        await using var probe = ServerProbe.For(() => new Packer(), configure: options =>
        {
            options.Codec = MemoryPackCodec.Instance;
            options.MaxStateSize = Golden.Length;
        });
        await probe.CallAsync(new Put("b", 2));
        var error = await Assert.ThrowsAsync<StateTooLargeException>(() => probe.CallAsync(new Put("bcde")));
        Assert.Equal(Golden.Length + 4, error.Size);
        Assert.Equal(Golden, Text(await probe.ReadStoredAsync()));
    }

    [Fact]
    public async Task A_remembered_reply_outlives_a_restart()
    {
        await using var probe = Probe();
        var options = new CallOptions { Id = "once" };
        Assert.Equal(new PackReply(1, "a"), await probe.CallAsync(new Put("a"), options));
        await probe.RestartAsync();
        Assert.Equal(new PackReply(1, "a"), await probe.CallAsync(new Put("a"), options));
        Assert.Equal(1, probe.State.Count);
        Assert.Contains("FF01", Convert.ToHexString((await probe.ReadStoredAsync())!.RecentCalls.Span), StringComparison.Ordinal);
    }

    private static ServerProbe<PackState> Probe() => ServerProbe.For(() => new Packer(), configure: Codec);

    private static void Codec(DurableServerOptions options) => options.Codec = MemoryPackCodec.Instance;

    private static string Text(StoredServer? stored) => Encoding.UTF8.GetString(stored!.State!.Value.Span);
}
