namespace AkkaDurable.Supervision;

/// <summary>How <see cref="TaskSupervisor.StreamAsync"/> runs its tasks.</summary>
public sealed record TaskStreamOptions
{
    /// <summary>The most tasks at a time. 1 or more.</summary>
    /// <value>Default one a processor.</value>
    public int MaxConcurrency { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether outcomes come in the order of the elements; else as they are ready. Those that are ready before their turn are kept, as many as get ready behind a slow one.</summary>
    /// <value>Default true.</value>
    public bool Ordered { get; init; } = true;

    /// <summary>How long one task may take; null: without limit. Above zero.</summary>
    /// <value>Default 5 s.</value>
    public TimeSpan? Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a task that took too long is ended and told as an outcome (Elixir's <c>:kill_task</c>); else the stream fails (<c>:exit</c>).</summary>
    /// <value>Default false.</value>
    public bool ReportTimeouts { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrency, 1, nameof(MaxConcurrency));
        if (Timeout is { } timeout)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero, nameof(Timeout));
        }
    }
}
