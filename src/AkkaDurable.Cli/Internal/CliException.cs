namespace AkkaDurable.Cli.Internal;

/// <summary>What ends a run of the tool with a line on standard error.</summary>
internal sealed class CliException(string message, int exitCode = CliException.Failed, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>It was understood, but not done.</summary>
    public const int Failed = 1;

    /// <summary>It was not understood.</summary>
    public const int Misused = 2;

    public int ExitCode { get; } = exitCode;
}
