using System.Text;
using System.Text.Json;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Storage;
using AkkaDurable.TestKit;
using CsCheck;

namespace AkkaDurable.Tests.Model;

public sealed record ModelState(long Value);

public sealed record Add(long By, bool Save) : ICall<long>;

public sealed record Read : ICall<long>;

public sealed class ModelServer : DurableServer<ModelState>
{
    protected override ModelState InitialState => new(-1_000_000);

    protected override ValueTask<CallResult> HandleCall(object request, From from, ModelState state) => request switch
    {
        Add { Save: true } add => Reply(state.Value + add.By, new ModelState(state.Value + add.By)).Save(),
        Add add => Reply(state.Value + add.By, new ModelState(state.Value + add.By)),
        _ => Reply(state.Value, state),
    };
}

internal enum Step
{
    Add,
    AddSaved,
    AddMany,
    FailedSave,
    Crash,
    GracefulRestart,
    MoveToOtherNode,
    StaleAdd,
    Repeat,
    LostReply,
    GivenId,
}

/// <summary>
/// What a durable server promises, as two numbers: the value in memory and the value stored. Random steps are taken with the real runtime and with the model, and after each of them both are compared, in
/// memory and in the store. Calls come again, after lost replies, crashes and moves, and must not run twice. Each start gets a wrong initial state, so that a server that begins afresh is found out.
/// </summary>
internal sealed class DurabilityModel(IStateStore store, string key, SavePolicy policy) : IAsyncDisposable
{
    private const long Initial = 7;

    private readonly List<ServerProbe<ModelState>> _nodes = [];
    private ServerProbe<ModelState> _owner = null!;
    private ServerProbe<ModelState>? _stale;

    // The calling node's open calls that ran, with what they were answered.
    private readonly List<(CallId Id, long By, long Reply)> _calls = [];
    private long _sequence;
    private long _memory = Initial;
    private long _stored = Initial;
    private long _starts;

    public static Gen<(Step Step, int By)[]> Steps { get; } =
        Gen.Select(Gen.Frequency((5, Gen.Const(Step.Add)), (2, Gen.Const(Step.AddSaved)), (2, Gen.Const(Step.AddMany)), (1, Gen.Const(Step.FailedSave)), (2, Gen.Const(Step.Crash)), (2, Gen.Const(Step.GracefulRestart)), (2, Gen.Const(Step.MoveToOtherNode)), (2, Gen.Const(Step.StaleAdd)), (3, Gen.Const(Step.Repeat)), (2, Gen.Const(Step.LostReply)), (1, Gen.Const(Step.GivenId))), Gen.Int[1, 9])
            .Array[1, 40];

    private bool IsStrict => policy == SavePolicy.EveryChange;

    public static async Task CheckAsync(IStateStore store, string key, SavePolicy policy, (Step Step, int By)[] steps)
    {
        await using var model = new DurabilityModel(store, key, policy);
        await model.Begin();

        // The witness: in every sample something acknowledged is followed by a crash.
        await model.Take(Step.AddSaved, 3);
        await model.Take(Step.Crash, 0);
        foreach (var (step, by) in steps)
        {
            await model.Take(step, by);
        }

        await model.Take(Step.Crash, 0);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private async Task Begin()
    {
        _owner = ServerProbe.For(() => new ModelServer(), key, o => (o.Save, o.MaxCrashes) = (policy, null), store);
        _nodes.Add(_owner);
        Assert.Equal(StartOutcome.Created, await _owner.StartAsync(new ModelState(Initial)));
        await Compare("begin");
    }

    private async Task Take(Step step, int by)
    {
        switch (step)
        {
            case Step.Add:
                Acknowledged(await _owner.CallAsync(new Add(by, Save: false)), by, saved: IsStrict);
                break;
            case Step.AddSaved:
                Acknowledged(await _owner.CallAsync(new Add(by, Save: true)), by, saved: true);
                break;
            case Step.AddMany:
                var calls = Enumerable.Range(0, by).Select(_ => _owner.CallAsync(new Add(1, Save: false))).ToList();
                foreach (var call in calls)
                {
                    Acknowledged(await call, 1, saved: IsStrict);
                }

                break;
            case Step.FailedSave:
                _owner.FailNextSave();
                await Assert.ThrowsAsync<SaveFailedException>(() => _owner.CallAsync(new Add(by, Save: true)));
                _memory = _stored;
                break;
            case Step.Crash:
                await _owner.CrashAsync();
                await Start();
                break;
            case Step.GracefulRestart:
                Assert.True(await _owner.StopAsync());
                _stored = _memory;
                await Start();
                break;
            case Step.MoveToOtherNode:
                await Move();
                break;
            case Step.StaleAdd:
                await AddOnStale(by);
                break;
            case Step.LostReply:
                // Stored, but the caller never hears of it.
                await Numbered(by);
                await _owner.CrashAsync();
                await Start();
                break;
            case Step.Repeat:
                await Repeat(by);
                break;
            case Step.GivenId:
                var options = new CallOptions { Id = $"given-{++_sequence}" };
                Acknowledged(await _owner.CallAsync(new Add(by, Save: true), options), by, saved: true);
                await _owner.CrashAsync();
                await Start();
                Assert.Equal(_memory, await _owner.CallAsync(new Add(by, Save: true), options));
                break;
        }

        await Compare($"{step} {by}");
    }

    private async Task Numbered(int by)
    {
        var id = new CallId(4711, ++_sequence, _calls.Count == 0 ? _sequence : _calls[0].Id.Sequence);
        var reply = Value(await _owner.SendAsync(new Add(by, Save: true), id, isRepeat: false));
        Acknowledged(reply, by, saved: true);
        _calls.Add((id, by, reply));
        if (_calls.Count > 5)
        {
            // The oldest one's caller has given up.
            _calls.RemoveAt(0);
        }
    }

    // Whatever happened since: the same reply as the first time, and nothing changes.
    private async Task Repeat(int which)
    {
        if (_calls.Count == 0)
        {
            await Numbered(which);
        }

        var call = _calls[which % _calls.Count];
        Assert.Equal(call.Reply, Value(await _owner.SendAsync(new Add(call.By, Save: true), call.Id, isRepeat: true)));
    }

    private static long Value(ReplyEnvelope reply)
    {
        Assert.Null(reply.Failure);
        return reply.Value is EncodedPayload encoded ? JsonSerializer.Deserialize<long>(encoded.Json.Span) : (long)reply.Value!;
    }

    private async Task Start()
    {
        Assert.Equal(StartOutcome.Resumed, await _owner.StartAsync(new ModelState(-999_999 - ++_starts)));
        _memory = _stored;
    }

    // The old owner is not told: it lives on, as on the other side of a partition. Back and forth between two nodes gives A → B → A.
    private async Task Move()
    {
        if (_nodes.Count == 1)
        {
            _nodes.Add(_owner.OnAnotherNode());
        }

        var next = _nodes.Single(node => node != _owner);
        if (next.IsRunning)
        {
            // It was the owner before and still thinks so: what it must not do is known by then; now it is killed.
            await next.CrashAsync();
        }

        (_stale, _owner) = (_owner, next);
        await Start();
    }

    private async Task AddOnStale(int by)
    {
        if (_stale is not { IsRunning: true } stale)
        {
            return;
        }

        await Assert.ThrowsAsync<OwnershipLostException>(() => stale.CallAsync(new Add(by, Save: true)));
        await stale.SettleAsync();
        Assert.False(stale.IsRunning);
    }

    private void Acknowledged(long reply, long by, bool saved)
    {
        _memory += by;
        Assert.Equal(_memory, reply);
        if (saved)
        {
            _stored = _memory;
        }
    }

    private async Task Compare(string after)
    {
        var memory = await _owner.CallAsync(new Read());
        Assert.True(memory == _memory, $"After {after} the server says {memory}; the model says {_memory}.");
        var record = await store.ReadAsync(_owner.Id);
        var stored = JsonSerializer.Deserialize<ModelState>(Encoding.UTF8.GetString(record!.State!.Value.Span))!.Value;
        Assert.True(stored == _stored, $"After {after} the store holds {stored}; the model says {_stored}.");
    }
}
