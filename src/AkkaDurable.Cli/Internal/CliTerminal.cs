using Microsoft.Win32.SafeHandles;

namespace AkkaDurable.Cli.Internal;

/// <summary>What the tool reads and writes.</summary>
/// <param name="In">What is typed.</param>
/// <param name="Out">Where answers go.</param>
/// <param name="Error">Where complaints go.</param>
/// <param name="Environment">Environment variables.</param>
internal sealed record CliTerminal(TextReader In, TextWriter Out, TextWriter Error, Func<string, string?> Environment)
{
    /// <summary>Whether a person types: only then is anything asked.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Whether a person reads: only then are tables drawn.</summary>
    public bool IsOutputSeen { get; init; }

    /// <summary>How wide lines may be.</summary>
    public int Width { get; init; } = 120;

    public static CliTerminal OfProcess()
    {
        var isSeen = !Console.IsOutputRedirected;

        var output = isSeen || OperatingSystem.IsWindows() ? Console.Out : Pipe() ?? Console.Out;
        return new CliTerminal(Console.In, output, Console.Error, System.Environment.GetEnvironmentVariable)
        {
            IsInteractive = !Console.IsInputRedirected && isSeen,
            IsOutputSeen = isSeen,
            Width = isSeen ? Math.Max(Console.WindowWidth, 40) : 120,
        };
    }

    // Console.Out says nothing when nobody reads any more: a tail into "head -1" would run for ever. Not for files: there each stream has a place of its own, and would write over what others wrote.
    private static StreamWriter? Pipe()
    {
        var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? null : new StreamWriter(stream) { AutoFlush = true };
    }
}
