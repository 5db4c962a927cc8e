namespace AkkaDurable.Supervision;

/// <summary>How often a supervisor restarts before it gives up: with more than <paramref name="Restarts"/> restarts within <paramref name="Period"/> it stops all children and ends, with the reason shutdown.</summary>
/// <param name="Restarts">Restarts that are allowed, of all children together; a failed attempt counts too. 0: the first one is too much.</param>
/// <param name="Period">The window. A restart exactly that long ago still counts. Above zero.</param>
public readonly record struct RestartIntensity(int Restarts, TimeSpan Period)
{
    /// <summary>3 restarts in 5 s, as in Elixir (Erlang's default is 1 in 5 s).</summary>
    public static RestartIntensity Default { get; } = new(3, TimeSpan.FromSeconds(5));

    /// <summary>As <c>3 in 5 s</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => FormattableString.Invariant($"{Restarts} in {Period.TotalSeconds} s");
}
