namespace AkkaDurable;

/// <summary>What <c>HandleInfo</c> gets when no message came for as long as the last result's <c>.IdleAfter(time)</c> said. GenServer's <c>:timeout</c>.</summary>
public sealed record IdleTimeout
{
    private IdleTimeout()
    {
    }

    /// <summary>The one instance.</summary>
    public static IdleTimeout Instance { get; } = new();
}
