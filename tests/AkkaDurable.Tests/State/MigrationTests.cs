using System.Text;
using System.Text.Json;
using AkkaDurable.Storage;
using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.State;

public sealed class MigrationTests
{
    [Fact]
    public async Task A_state_of_version_1_is_migrated_to_3_and_saved_as_3_with_the_next_change()
    {
        await using var probe = ServerProbe.For(() => new ProfileV3());
        await probe.PutStoredAsync(1, """{"Name":"Ada Lovelace"}""");

        Assert.Equal("Ada|Lovelace|none", await probe.CallAsync(new GetProfile()));
        Assert.Equal(1, (await probe.ReadStoredAsync())!.StateVersion);

        await probe.CallAsync(new SetMail("ada@example.org"));
        var stored = (await probe.ReadStoredAsync())!;
        Assert.Equal(3, stored.StateVersion);
        Assert.Equal("""{"First":"Ada","Last":"Lovelace","Mail":"ada@example.org"}""", Text(stored));
    }

    [Fact]
    public async Task A_state_of_version_2_is_migrated_to_3_and_saved_as_3_when_the_server_stops()
    {
        await using var probe = ServerProbe.For(() => new ProfileV3());
        await probe.PutStoredAsync(2, """{"First":"Ada","Last":"Lovelace"}""");
        await probe.StartAsync();
        await probe.StopAsync();
        var stored = (await probe.ReadStoredAsync())!;
        Assert.Equal(3, stored.StateVersion);
        Assert.Equal("""{"First":"Ada","Last":"Lovelace","Mail":"none"}""", Text(stored));
    }

    [Fact]
    public async Task A_newer_version_is_refused_and_left_untouched()
    {
        await using var probe = ServerProbe.For(() => new ProfileV3());
        await probe.PutStoredAsync(4, """{"Future":true}""");
        var before = await probe.ReadStoredAsync();

        var error = await Assert.ThrowsAsync<StateVersionException>(() => probe.CallAsync(new GetProfile()));
        Assert.Equal(4, error.StoredVersion);
        Assert.Equal(3, error.CodeVersion);
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);

        var after = await probe.ReadStoredAsync();
        Assert.Equal(before! with { State = null }, after! with { State = null });
        Assert.Equal("""{"Future":true}""", Text(after!));
    }

    [Fact]
    public async Task A_version_without_a_migration_is_refused_with_what_to_do()
    {
        await using var probe = ServerProbe.For(() => new ProfileV2WithoutMigration());
        await probe.PutStoredAsync(1, """{"Name":"Ada Lovelace"}""");
        var error = await Assert.ThrowsAsync<StateVersionException>(() => probe.CallAsync(new GetProfile()));
        Assert.Equal(1, error.StoredVersion);
        Assert.Contains("override LoadState", error.Message, StringComparison.Ordinal);
        Assert.Equal("""{"Name":"Ada Lovelace"}""", Text((await probe.ReadStoredAsync())!));
    }

    [Theory]
    [InlineData("""{"First":"Ada","Last""")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1,2]")]
    [InlineData("\u0001\u0002")]
    public async Task A_corrupt_record_is_refused_with_its_key_and_left_untouched(string stored)
    {
        await using var probe = ServerProbe.For(() => new ProfileV3(), key: "broken-one");
        await probe.PutStoredAsync(3, stored);
        var error = await Assert.ThrowsAsync<StateCorruptException>(() => probe.CallAsync(new GetProfile()));
        Assert.Equal("broken-one", error.Key);
        Assert.Contains("probe/broken-one", error.Message, StringComparison.Ordinal);

        await probe.SettleAsync();
        var after = (await probe.ReadStoredAsync())!;
        Assert.Equal(stored, Text(after));
        Assert.Equal(3, after.StateVersion);
        Assert.Equal(ServerStatus.Crashed, after.Status);
    }

    [Fact]
    public async Task DumpState_says_what_is_stored()
    {
        await using var probe = ServerProbe.For(() => new Secretive());
        await probe.CallAsync(new Increment(5));
        Assert.Equal("""{"Public":5}""", Text((await probe.ReadStoredAsync())!));
        await probe.RestartAsync();
        Assert.Equal(5, await probe.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task A_state_version_below_one_is_refused()
    {
        await using var probe = ServerProbe.For(() => new VersionZero());
        var error = await Assert.ThrowsAsync<InitFailedException>(() => probe.CallAsync(new GetCount()));
        Assert.Contains("at least 1", error.Message, StringComparison.Ordinal);
    }

    private static string Text(StoredServer stored) => Encoding.UTF8.GetString(stored.State!.Value.Span);
}

public sealed record GetProfile : ICall<string>;

public sealed record SetMail(string Mail) : ICall<string>;

public sealed record ProfileState(string First, string Last, string Mail);

public sealed class ProfileV3 : DurableServer<ProfileState>
{
    protected override ProfileState InitialState => new("", "", "none");

    protected override int StateVersion => 3;

    protected override ProfileState LoadState(int version, JsonElement json) => version switch
    {
        1 => FromV1(json.GetProperty("Name").GetString()!.Split(' ')),
        2 => new(json.GetProperty("First").GetString()!, json.GetProperty("Last").GetString()!, "none"),
        _ => base.LoadState(version, json),
    };

    protected override ValueTask<CallResult> HandleCall(object request, From from, ProfileState state) => request switch
    {
        GetProfile => Reply($"{state.First}|{state.Last}|{state.Mail}", state),
        SetMail set => Reply(set.Mail, state with { Mail = set.Mail }),
        _ => Unhandled(request),
    };

    private static ProfileState FromV1(string[] names) => new(names[0], names[1], "none");
}

public sealed class ProfileV2WithoutMigration : DurableServer<ProfileState>
{
    protected override ProfileState InitialState => new("", "", "");

    protected override int StateVersion => 2;
}

public sealed class VersionZero : DurableServer<ProfileState>
{
    protected override ProfileState InitialState => new("", "", "");

    protected override int StateVersion => 0;
}

public sealed class Secretive : DurableServer<CounterState>
{
    protected override CounterState InitialState => new(0);

    protected override object DumpState(CounterState state) => new { Public = state.Count };

    protected override CounterState LoadState(int version, JsonElement json) => new(json.GetProperty("Public").GetInt32());

    protected override ValueTask<CallResult> HandleCall(object request, From from, CounterState state) => request switch
    {
        Increment inc => Reply(state.Count + inc.By, new CounterState(state.Count + inc.By)),
        _ => Reply(state.Count, state),
    };
}
