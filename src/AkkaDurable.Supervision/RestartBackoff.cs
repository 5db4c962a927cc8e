namespace AkkaDurable.Supervision;

/// <summary>Waits longer and longer before a child is started again. OTP has nothing like it: it restarts at once.</summary>
/// <remarks>The delay before attempt n (from 0) is <c>First × Factor^n</c>, at most <see cref="Longest"/>, then moved by up to ± <see cref="Jitter"/> of itself. A child with a back-off counts as started, and n goes back to 0,
/// only when it <see cref="StaysUp"/>. Each restart counts for the supervisor's <see cref="RestartIntensity"/>, as without back-off.</remarks>
public sealed record RestartBackoff
{
    /// <summary>The delay before the first restart. Above zero.</summary>
    /// <value>Default 200 ms.</value>
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest delay, before jitter. Not below <see cref="First"/>.</summary>
    /// <value>Default 30 s.</value>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What each delay is multiplied by for the next one. 1 or more.</summary>
    /// <value>Default 2.</value>
    public double Factor { get; init; } = 2;

    /// <summary>The share of a delay by which it is moved at random, up or down. 0 to 1.</summary>
    /// <value>Default 0.2.</value>
    public double Jitter { get; init; } = 0.2;

    /// <summary>How long a child has to run to count as started. Zero or more.</summary>
    /// <value>Default 10 s.</value>
    public TimeSpan StaysUp { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The delay before one attempt.</summary>
    /// <param name="attempt">The number of restarts since the child last stayed up; 0 for the first.</param>
    /// <param name="random">A random number from 0 to 1; 0.5 leaves the delay as it is.</param>
    /// <returns>The delay; not below zero.</returns>
    public TimeSpan Delay(int attempt, double random)
    {
        var plain = Math.Min(First.TotalMilliseconds * Math.Pow(Factor, attempt), Longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(plain * (1 + (Jitter * ((2 * random) - 1))));
    }
}
