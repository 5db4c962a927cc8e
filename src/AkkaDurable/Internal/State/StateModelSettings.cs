using System.Text.Json;

namespace AkkaDurable.Internal.State;

/// <summary>What a state model needs to know from the options of its server type.</summary>
internal sealed record StateModelSettings(JsonSerializerOptions Json, int MaxStateSize, int RoundTripChecks)
{
    /// <summary>Reads states that are not JSON.</summary>
    public DurableCodec? Codec { get; init; }

    /// <summary>Writes states; null: as JSON.</summary>
    public DurableCodec? WriteCodec { get; init; }
}
