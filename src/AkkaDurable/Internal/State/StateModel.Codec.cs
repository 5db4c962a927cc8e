using AkkaDurable.Internal.Codecs;

namespace AkkaDurable.Internal.State;

// States that a codec writes.
internal sealed partial class StateModel<TState>
{
    private byte[] SerializeByCodec(DurableCodec codec, TState state)
    {
        var buffer = CodecBuffer.Take();
        try
        {
            codec.Serialize(typeof(TState), state, buffer);
        }
        catch (Exception exception)
        {
            // Whatever a codec, or a getter of the state's own, throws: nothing is stored, and the caller is told.
            throw new StateWriteException($"The state of {_serverName} cannot be written as {codec.Name}: {exception.Message}", 0, 0, exception);
        }

        var size = CodecState.SizeOf(codec, buffer.WrittenCount);
        var json = size <= _settings.MaxStateSize ? CodecState.Wrap(codec, buffer.WrittenSpan) : null;
        CodecBuffer.Return(buffer);
        return json ?? throw TooLarge(size);
    }

    // LoadState migrates JSON, and a codec of our own does not know one version of a state from another: what it read might be another state without anybody noticing.
    private object ReadCodec(DurableServer<TState> server, int version, ReadOnlySpan<byte> json)
    {
        var (name, data) = CodecState.Unwrap(json);
        if (_settings.Codec is not { } codec || codec.Name != name)
        {
            throw new InvalidOperationException($"It was written by the codec '{name}'; here {_serverName} has {CodecPayload.Show(_settings.Codec)} (DurableServerOptions.Codec).");
        }

        return version == server.CurrentStateVersion
            ? codec.Deserialize(typeof(TState), data) ?? throw new InvalidOperationException("The stored state is null.")
            : throw new NotSupportedException($"It was written by the codec '{name}' at StateVersion {version}, and {_serverName} is at {server.CurrentStateVersion}: LoadState migrates JSON only.");
    }

    private StateWriteException TooLarge(long size) =>
        new($"The state of {_serverName} is {size:N0} bytes as JSON; the limit is {_settings.MaxStateSize:N0} (DurableServerOptions.MaxStateSize).", size, _settings.MaxStateSize);
}
