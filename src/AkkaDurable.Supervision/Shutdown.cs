namespace AkkaDurable.Supervision;

/// <summary>How a child is ended by its supervisor. OTP's <c>shutdown</c>.</summary>
/// <remarks>A handler that is running cannot be interrupted in .NET. So a child that does not end in time is killed (stopped at once, what waits for it is dropped), and when it has not ended
/// <see cref="SupervisionOptions.KillGrace"/> later either, the supervisor goes on without it and says so in the log.</remarks>
public readonly record struct Shutdown
{
    private enum Kind
    {
        After,
        BrutalKill,
        Infinity,
    }

    private Kind How { get; init; }

    private TimeSpan Limit { get; init; }

    /// <summary>It is killed at once.</summary>
    public static Shutdown BrutalKill { get; } = new() { How = Kind.BrutalKill };

    /// <summary>It is asked to end and waited for without limit. The default of supervisors.</summary>
    public static Shutdown Infinity { get; } = new() { How = Kind.Infinity };

    /// <summary>It is asked to end, and killed when it has not ended in time. The default of workers, with 5 s.</summary>
    /// <param name="time">The time; zero or more, else the spec is refused.</param>
    /// <returns>The shutdown.</returns>
    public static Shutdown After(TimeSpan time) => new() { How = Kind.After, Limit = time };

    /// <summary>Whether it is killed at once.</summary>
    public bool IsBrutalKill => How == Kind.BrutalKill;

    /// <summary>How long it is waited for; null: without limit. Zero for <see cref="BrutalKill"/>.</summary>
    public TimeSpan? Time => How == Kind.Infinity ? null : Limit;

    /// <summary>As <c>after 5 s</c>, <c>brutal kill</c>, <c>infinity</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => How switch
    {
        Kind.BrutalKill => "brutal kill",
        Kind.Infinity => "infinity",
        _ => FormattableString.Invariant($"after {Limit.TotalSeconds} s"),
    };
}
