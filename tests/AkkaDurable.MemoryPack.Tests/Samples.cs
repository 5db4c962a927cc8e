using System.Text.Json;
using MemoryPack;

namespace AkkaDurable.MemoryPack.Tests;

[MemoryPackable]
public sealed partial record PackState(int Count, string? Last);

[MemoryPackable]
public sealed partial record PackReply(int Count, string? Last);

[MemoryPackable]
public sealed partial record Put(string? Text, int By = 1) : ICall<PackReply>;

[MemoryPackable]
public sealed partial record Peek : ICall<PackReply>;

[MemoryPackable]
public sealed partial record PeekAtNothing : ICall<string?>;

[MemoryPackable]
public sealed partial record AskPlain : ICall<Plain>;

[MemoryPackable]
public sealed partial record Push(int By) : ICast;

/// <summary>A message that MemoryPack does not know.</summary>
public sealed record PlainCall(int By) : ICall<int>;

/// <summary>A reply that MemoryPack does not know.</summary>
public sealed record Plain(int Value);

[MemoryPackable]
public sealed partial record WithType(Type Loaded);

[MemoryPackable]
public sealed partial record WithTypes(Dictionary<int, WithType[]> Hidden);

[MemoryPackable]
public sealed partial record WithPlain(List<Plain> Parts);

public class Packer : DurableServer<PackState>
{
    protected override PackState InitialState => new(0, null);

    protected override ValueTask<CallResult> HandleCall(object request, From from, PackState state)
    {
        switch (request)
        {
            case Put put:
                var next = new PackState(state.Count + put.By, put.Text);
                return Reply(new PackReply(next.Count, next.Last), next);
            case Peek:
                // Another object, and the same state.
                return Reply(new PackReply(state.Count, state.Last), state with { });
            case PeekAtNothing:
                return Reply(null, state);
            case AskPlain:
                return Reply(new Plain(state.Count), state);
            case PlainCall plain:
                return Reply(plain.By, state);
            default:
                return Unhandled(request);
        }
    }

    protected override ValueTask<Next> HandleCast(object message, PackState state) =>
        message is Push push ? NoReply(state with { Count = state.Count + push.By }) : Unhandled(message);
}

/// <summary>At version 2: version 1 was JSON with another name.</summary>
public sealed class PackerV2 : DurableServer<PackState>
{
    protected override int StateVersion => 2;

    protected override PackState InitialState => new(0, null);

    protected override ValueTask<CallResult> HandleCall(object request, From from, PackState state) =>
        request is Put put ? Reply(new PackReply(put.By, null), new PackState(put.By, put.Text)) : Reply(new PackReply(state.Count, state.Last), state);

    protected override PackState LoadState(int version, JsonElement json) =>
        version == 1 ? new PackState(json.GetProperty("Total").GetInt32(), "migrated") : base.LoadState(version, json);
}

public sealed class DumpingPacker : DurableServer<PackState>
{
    protected override PackState InitialState => new(0, null);

    protected override object DumpState(PackState state) => new { state.Count };

    protected override ValueTask<CallResult> HandleCall(object request, From from, PackState state) => Reply(new PackReply(state.Count, state.Last), state);
}

[MemoryPackable]
public sealed partial class PackedBasket
{
    public List<string> Items { get; set; } = [];
}

/// <summary>Changes its state in place.</summary>
public sealed class BasketPacker : DurableServer<PackedBasket>
{
    protected override PackedBasket InitialState => new();

    protected override ValueTask<CallResult> HandleCall(object request, From from, PackedBasket state)
    {
        if (request is Put put)
        {
            state.Items.Add(put.Text!);
        }

        return Reply(new PackReply(state.Items.Count, state.Items.LastOrDefault()), state);
    }
}

public sealed class DictionaryServer : DurableServer<Dictionary<string, string>>
{
    protected override Dictionary<string, string> InitialState => [];

    protected override ValueTask<CallResult> HandleCall(object request, From from, Dictionary<string, string> state)
    {
        state[((Put)request).Text!] = "";
        return Reply(new PackReply(state.Count, null), state);
    }
}

public sealed class ServerOf<TState> : DurableServer<TState>
    where TState : notnull
{
    protected override TState InitialState => throw new NotSupportedException();
}
