using System.Buffers;
using System.Text.Json;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Codecs;

namespace AkkaDurable.Internal.State;

internal sealed partial class StateModel<TState> : StateModel
    where TState : notnull
{
    // A few kilobytes of scratch space a thread; a larger one is dropped after use.
    private const int KeptBufferSize = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    private readonly StateModelSettings _settings;
    private readonly string _serverName;
    private readonly string _format;
    private readonly bool _customDump;
    private readonly bool _customLoad;
    private int _roundTripChecksLeft;

    public StateModel(Type serverType, StateModelSettings settings)
    {
        _settings = settings;
        _serverName = serverType.Name;
        _roundTripChecksLeft = settings.RoundTripChecks;
        _format = Payloads.NameOf(settings.WriteCodec);
        _customDump = Overrides(serverType, "DumpState");
        _customLoad = Overrides(serverType, "LoadState");
        IsImmutable = ImmutableTypes.IsDeeplyImmutable(typeof(TState));
    }

    public override bool IsImmutable { get; }

    public override Type StateType => typeof(TState);

    // "Not equal" is believed: at worst a state is written again. "Equal" is not: a state may leave out of its own equality what is stored of it (an entity equal by its id, the fragment of a Uri).
    public override bool AreSame(DurableServer server, object left, object right)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        try
        {
            return EqualityComparer<TState>.Default.Equals((TState)left, (TState)right)
                && Serialize((DurableServer<TState>)server, (TState)left).AsSpan().SequenceEqual(Serialize((DurableServer<TState>)server, (TState)right));
        }
        catch (Exception)
        {
            // A state that cannot be compared is written; if it cannot be written either, that is told there.
            return false;
        }
    }

    public override int VersionOf(DurableServer server) => ((DurableServer<TState>)server).CurrentStateVersion;

    public override ReadOnlyMemory<byte> Write(DurableServer server, object state)
    {
        var typed = (DurableServer<TState>)server;
        var json = Serialize(typed, (TState)state);
        if (Volatile.Read(ref _roundTripChecksLeft) > 0 && Interlocked.Decrement(ref _roundTripChecksLeft) >= 0)
        {
            CheckRoundTrip(typed, json);
        }

        return json;
    }

    public override object Read(DurableServer server, int version, ReadOnlyMemory<byte> json)
    {
        var typed = (DurableServer<TState>)server;
        if (CodecState.IsMarked(json.Span))
        {
            return ReadCodec(typed, version, json.Span);
        }

        if (!_customLoad && version == typed.CurrentStateVersion)
        {
            return JsonSerializer.Deserialize<TState>(json.Span, _settings.Json) ?? throw new JsonException("The stored state is null.");
        }

        // Not disposed: LoadState may keep elements of it in the state.
        return typed.Load(version, JsonElement.Parse(json.Span))
            ?? throw new InvalidOperationException($"{_serverName}.LoadState returned null.");
    }

    private byte[] Serialize(DurableServer<TState> server, TState state) =>
        _settings.WriteCodec is { } codec ? SerializeByCodec(codec, state) : SerializeAsJson(server, state);

    private byte[] SerializeAsJson(DurableServer<TState> server, TState state)
    {
        var buffer = s_buffer ??= new ArrayBufferWriter<byte>(1024);
        var writer = s_writer ??= new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        try
        {
            if (_customDump)
            {
                var dump = server.Dump(state) ?? throw new InvalidOperationException($"{_serverName}.DumpState returned null.");
                JsonSerializer.Serialize(writer, dump, dump.GetType(), _settings.Json);
            }
            else
            {
                JsonSerializer.Serialize(writer, state, _settings.Json);
            }

            writer.Flush();
        }
        catch (Exception exception)
        {
            // The thread's writer may be half way through a document; start afresh next time.
            s_writer = null;
            throw new StateWriteException($"The state of {_serverName} cannot be written as JSON: {exception.Message}", 0, 0, exception);
        }

        var size = buffer.WrittenCount;
        var json = size <= _settings.MaxStateSize ? buffer.WrittenSpan.ToArray() : null;
        if (buffer.Capacity > KeptBufferSize)
        {
            s_buffer = null;
            s_writer = null;
        }

        return json is null ? throw TooLarge(size)
            : !CodecState.IsMarked(json) ? json
            : throw new StateWriteException($"The state of {_serverName} cannot be written as JSON: a property named $codec would make it a codec's. Name it otherwise.", 0, 0);
    }

    // A property that cannot be set comes back as its default, and nobody notices until the server has moved. So the first saves of a type on each node are read back:
    // what was read must write the same text again.
    private void CheckRoundTrip(DurableServer<TState> server, byte[] json)
    {
        byte[] again;
        try
        {
            again = Serialize(server, (TState)Read(server, server.CurrentStateVersion, json));
        }
        catch (Exception exception) when (exception is not StateWriteException { IsTooLarge: true })
        {
            throw new StateWriteException(
                $"The state of {_serverName} does not come back from {_format}: {exception.Message} See that {(_settings.WriteCodec is null ? $"System.Text.Json can read {typeof(TState).Name}, or override DumpState and LoadState" : $"it can read {typeof(TState).Name}")}.", 0, 0, exception);
        }

        if (!json.AsSpan().SequenceEqual(again))
        {
            throw new StateWriteException(
                $"The state of {_serverName} does not come back from {_format} as it was: wrote {Excerpt(json)}, read back {Excerpt(again)}. Give {typeof(TState).Name} constructor parameters or setters for all it stores{(_settings.WriteCodec is null ? ", or override DumpState and LoadState" : "")}.", 0, 0);
        }
    }

    private static string Excerpt(byte[] json) =>
        System.Text.Encoding.UTF8.GetString(json, 0, Math.Min(json.Length, 200)) + (json.Length > 200 ? "…" : "");

    public override bool Overrides(Type serverType, string method) =>
        serverType.GetMethod(method, System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public)!
            .DeclaringType != typeof(DurableServer<TState>);
}
