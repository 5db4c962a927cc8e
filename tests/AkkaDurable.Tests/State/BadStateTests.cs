using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.State;

public sealed record Grow(int Bytes) : ICall<int>;

public sealed record Blob(string Text);

public sealed class BlobServer : DurableServer<Blob>
{
    protected override Blob InitialState => new("");

    protected override ValueTask<CallResult> HandleCall(object request, From from, Blob state) => request switch
    {
        Grow grow => Reply(grow.Bytes, new Blob(new string('x', grow.Bytes))),
        _ => Reply(state.Text.Length, state),
    };
}

public sealed class Node
{
    public string Name { get; set; } = "";

    public Node? Next { get; set; }
}

public sealed record MakeCycle : ICall<int>;

public sealed class CyclicServer : DurableServer<Node>
{
    protected override Node InitialState => new();

    protected override ValueTask<CallResult> HandleCall(object request, From from, Node state)
    {
        if (request is MakeCycle)
        {
            state.Next = state;
        }

        return Reply(state.Next is null ? 0 : 1, state);
    }
}

public sealed class Forgetful
{
    public int Count { get; private set; }

    public Forgetful Plus(int by) => new() { Count = Count + by };
}

public sealed class ForgetfulServer : DurableServer<Forgetful>
{
    protected override Forgetful InitialState => new();

    protected override ValueTask<CallResult> HandleCall(object request, From from, Forgetful state) => request switch
    {
        Increment inc => Reply(state.Count + inc.By, state.Plus(inc.By)),
        _ => Reply(state.Count, state),
    };
}

public sealed class NullState : DurableServer<Blob>
{
    protected override Blob InitialState => new("");

    protected override ValueTask<CallResult> HandleCall(object request, From from, Blob state) => request switch
    {
        Increment => Reply(1, null!),
        _ => Reply(state.Text.Length, state),
    };
}

public sealed class BadStateTests
{
    [Fact]
    public async Task An_oversized_state_is_told_to_the_caller_at_once_and_nothing_is_saved()
    {
        await using var blob = ServerProbe.For(() => new BlobServer(), configure: o => o.MaxStateSize = 1000);
        await blob.CallAsync(new Grow(500));
        var error = await Assert.ThrowsAsync<StateTooLargeException>(() => blob.CallAsync(new Grow(2000)));
        Assert.Equal(1000, error.Limit);
        Assert.Equal(2000 + """{"Text":""}""".Length, error.Size);
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);
        Assert.Equal(500, await blob.CallAsync(new GetCount()));
        Assert.Equal(1, blob.Saves);
    }

    [Fact]
    public async Task The_largest_allowed_state_is_stored()
    {
        await using var blob = ServerProbe.For(() => new BlobServer());
        var bytes = (1024 * 1024) - """{"Text":""}""".Length;
        await blob.CallAsync(new Grow(bytes));
        await blob.RestartAsync();
        Assert.Equal(bytes, await blob.CallAsync(new GetCount()));
        await Assert.ThrowsAsync<StateTooLargeException>(() => blob.CallAsync(new Grow(bytes + 1)));
    }

    [Fact]
    public async Task An_oversized_state_behind_a_slow_save_fails_only_those_whose_changes_are_not_stored()
    {
        await using var blob = ServerProbe.For(() => new BlobServer(), configure: o => o.MaxStateSize = 1000);
        await blob.StartAsync();
        Task<int> fits, tooLarge;
        using (blob.HoldSaves())
        {
            fits = blob.CallAsync(new Grow(500));
            await blob.SettleAsync();
            tooLarge = blob.CallAsync(new Grow(2000));
            await blob.SettleAsync();
        }

        Assert.Equal(500, await fits);
        await Assert.ThrowsAsync<StateTooLargeException>(() => tooLarge);
        Assert.Equal(500, await blob.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task A_state_that_json_cannot_write_is_told_to_the_caller()
    {
        await using var server = ServerProbe.For(() => new CyclicServer());
        var error = await Assert.ThrowsAsync<StateNotSerializableException>(() => server.CallAsync(new MakeCycle()));
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);
        Assert.Equal(0, await server.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task A_state_that_would_not_come_back_from_json_is_told_to_the_caller_before_anything_is_lost()
    {
        await using var server = ServerProbe.For(() => new ForgetfulServer());
        var error = await Assert.ThrowsAsync<StateNotSerializableException>(() => server.CallAsync(new Increment(3)));
        Assert.Contains("""wrote {"Count":3}, read back {"Count":0}""", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Null_as_a_state_is_an_error_of_the_handler()
    {
        await using var server = ServerProbe.For(() => new NullState());
        var error = await Assert.ThrowsAsync<HandlerFailedException>(() => server.CallAsync(new Increment()));
        Assert.Contains("returned null as the state", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await server.CallAsync(new GetCount()));
    }
}
