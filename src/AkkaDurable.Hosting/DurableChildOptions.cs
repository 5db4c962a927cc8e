namespace AkkaDurable.Supervision;

/// <summary>How a durable server is a child of a supervision tree, see <see cref="DurableChild"/>.</summary>
public sealed record DurableChildOptions
{
    /// <summary>How often the server is asked whether it still runs. Above zero.</summary>
    /// <value>Default 1 s.</value>
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long it may give no answer before it counts as lost. Zero: the first unanswered question is enough.</summary>
    /// <value>Default 10 s.</value>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the server is stopped when its supervisor stops the child; else it is only no longer watched.</summary>
    /// <value>Default true.</value>
    public bool StopsServer { get; init; } = true;
}
