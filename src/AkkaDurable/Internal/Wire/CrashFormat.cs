namespace AkkaDurable.Internal.Wire;

/// <summary>A crash as it crosses the wire.</summary>
internal static class CrashFormat
{
    // A time stamp out of range, from whomever, becomes the nearest there is.
    private static readonly long s_first = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long s_last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static ServerCrash Read(V1.Crash crash) => new(DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(crash.AtUnixMs, s_first, s_last)), crash.Reason, crash.Node);

    public static V1.Crash Write(ServerCrash crash) => new() { AtUnixMs = crash.At.ToUnixTimeMilliseconds(), Reason = crash.Reason, Node = crash.Node };
}
