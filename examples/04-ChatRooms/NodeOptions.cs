namespace ChatRooms;

/// <summary>What one process needs to know.</summary>
/// <param name="Http">The port for visitors, on loopback.</param>
/// <param name="Port">The port for the other nodes, on loopback.</param>
/// <param name="Seeds">The ports of the nodes to join by.</param>
/// <param name="Database">The SQLite file that all nodes share.</param>
/// <param name="UntilInputEnds">Whether to stop when standard input ends, so as not to outlive who started it.</param>
public sealed record NodeOptions(int Http, int Port, IReadOnlyList<int> Seeds, string Database, bool UntilInputEnds = false)
{
    public string[] ToArguments() =>
        ["node", "--http", $"{Http}", "--port", $"{Port}", "--seed", .. Seeds.Select(seed => $"{seed}"), "--database", Database, .. UntilInputEnds ? ["--until-input-ends"] : Array.Empty<string>()];
}
