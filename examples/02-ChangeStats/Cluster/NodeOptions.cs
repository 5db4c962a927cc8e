namespace ChangeStats.Cluster;

/// <summary>What one node of the demo's cluster needs to know.</summary>
/// <param name="Port">Its port on loopback.</param>
/// <param name="Seeds">The ports of the nodes to join by.</param>
/// <param name="Database">Where the state of the servers is kept. Its connection string travels in <see cref="ConnectionVariable"/>, since other users can see arguments.</param>
/// <param name="UntilInputEnds">Whether to stop when standard input ends, so that no node outlives the demo.</param>
/// <param name="Placement">Its region, if there are several.</param>
internal sealed record NodeOptions(int Port, IReadOnlyList<int> Seeds, DatabaseAddress Database, bool UntilInputEnds, NodePlacement? Placement = null)
{
    /// <summary>The environment variable that holds the connection string.</summary>
    public const string ConnectionVariable = "CHANGESTATS_CONNECTION";

    public string[] ToArguments() =>
    [
        "node", "--port", $"{Port}", "--seed", .. Seeds.Select(seed => $"{seed}"), "--provider", Database.ProviderName, .. UntilInputEnds ? ["--until-input-ends"] : (string[])[],
        .. Placement?.ToArguments() ?? [],
    ];
}
