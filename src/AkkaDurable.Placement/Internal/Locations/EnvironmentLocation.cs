using System.Collections;

namespace AkkaDurable.Placement.Internal.Locations;

/// <summary>A location from environment variables. Ours are the user's word and must be right; those of a cloud are made to fit.</summary>
internal static class EnvironmentLocation
{
    private const string LabelPrefix = "AKKA_DURABLE_LABEL_";

    private static readonly string[] s_regions = ["FLY_REGION", "AWS_REGION", "REGION_NAME", "GOOGLE_CLOUD_REGION", "CLOUD_REGION"];
    private static readonly string[] s_zones = ["AWS_AVAILABILITY_ZONE", "GOOGLE_CLOUD_ZONE", "CLOUD_ZONE"];
    private static readonly string[] s_machines = ["FLY_MACHINE_ID", "NODE_NAME"];

    public static IReadOnlyDictionary<string, string> OfThisProcess() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);

    public static NodeLocation Read(IReadOnlyDictionary<string, string> environment, string machineName) =>
        new(
            Own(environment, "AKKA_DURABLE_REGION") ?? Given(environment, s_regions, LocationRule.ToRegion) ?? NodeLocation.DefaultRegion,
            Own(environment, "AKKA_DURABLE_ZONE") ?? Given(environment, s_zones, LocationRule.ToPart),
            Own(environment, "AKKA_DURABLE_MACHINE") ?? Given(environment, s_machines, LocationRule.ToPart) ?? LocationRule.ToPart(machineName),
            Labels(environment));

    // A variable that is set to nothing is how most systems take one back.
    private static string? Own(IReadOnlyDictionary<string, string> environment, string name) =>
        environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    private static string? Given(IReadOnlyDictionary<string, string> environment, string[] names, Func<string, string?> fit) =>
        names.Select(name => Own(environment, name)).OfType<string>().Select(fit).FirstOrDefault(value => value is not null);

    private static Dictionary<string, string> Labels(IReadOnlyDictionary<string, string> environment) =>
        environment.Where(variable => variable.Key.StartsWith(LabelPrefix, StringComparison.Ordinal) && variable.Value.Length > 0)
            .ToDictionary(variable => variable.Key[LabelPrefix.Length..].ToLowerInvariant(), variable => variable.Value, StringComparer.Ordinal);
}
