namespace AkkaDurable.Placement.Internal.Control;

/// <summary>The keys and values of replicated facts. Parts are separated by a character that no address, type name or shard has.</summary>
internal static class StateKeys
{
    private const char Separator = '\u001f';

    public const string On = "on";
    private const string Wanted = "wanted";

    public static string Drain(string node, int uid) => Key("drain", node, Uid(uid));

    public static string Cordon(string node, int uid) => Key("cordon", node, Uid(uid));

    public static string Left(string type, string node, int uid) => Key("left", type, node, Uid(uid));

    public static string Move(string type, string shard) => Key("move", type, shard);

    public static string[] Parts(string key) => key.Split(Separator);

    public static string WantedMove(string? target) => Key(Wanted, target ?? "");

    /// <summary>The target of a move that is wanted still ("" for any); null when the entry says something else.</summary>
    public static string? TargetOf(StateEntry entry) => Parts(entry.Value) is [Wanted, var target] ? target : null;

    public static string EndedMove(PlacementCommandResult result) => Key("ended", ((int)result.Outcome).ToString(System.Globalization.CultureInfo.InvariantCulture), result.Node ?? "", result.Text);

    public static PlacementCommandResult? ResultOf(StateEntry entry) =>
        Parts(entry.Value) is ["ended", var outcome, var node, var text] && int.TryParse(outcome, out var value)
            ? new PlacementCommandResult((PlacementCommandOutcome)value, text, node.Length == 0 ? null : node)
            : null;

    private static string Uid(int uid) => uid.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Key(params string[] parts) => string.Join(Separator, parts);
}
