using ChangeStats.Input;

namespace ChangeStats.Demo;

/// <summary>The options of the verb <c>demo</c>.</summary>
internal sealed record DemoOptions
{
    /// <summary>A file of changes; without one the history of a git repository is read.</summary>
    public string? InputFile { get; init; }

    public bool Postgres { get; init; }

    public int InFlight { get; init; }

    public int Nodes { get; init; }

    /// <summary>The share of the changes that is acknowledged when a node is killed; none to kill no node.</summary>
    public int? KillAfterPercent { get; init; }

    /// <summary>Which node is killed.</summary>
    public int Victim { get; init; }

    /// <summary>How long the killed node stays away, as with any program that starts again what died.</summary>
    public TimeSpan RestartAfter { get; init; }

    public void Validate()
    {
        if (KillAfterPercent is not null && Victim > Nodes)
        {
            throw new InputException($"--victim {Victim} is not possible: with --nodes {Nodes} there is no node {Victim}");
        }
    }
}
