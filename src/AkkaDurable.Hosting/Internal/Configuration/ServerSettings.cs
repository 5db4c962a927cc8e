using Microsoft.Extensions.Configuration;

namespace AkkaDurable.Hosting.Internal.Configuration;

/// <summary>The section <c>AkkaDurable:Servers:{type}</c>.</summary>
internal static class ServerSettings
{
    public static DurableServerOptions Build(IConfigurationSection? section, string typeName, Action<DurableServerOptions>? configure) =>
        LayeredOptions.Build(new DurableServerOptions(), section, Read, configure, options => options.Validate(typeName));

    private static void Read(SettingsSection section, DurableServerOptions options)
    {
        section.Integer(nameof(options.ShardCount), value => options.ShardCount = value);
        section.List(nameof(options.Regions), value => options.Regions = [.. value]);
        section.Read<SavePolicy?>(nameof(options.Save), TryParsePolicy, "it must be EveryChange, OnStop or an interval such as 00:00:05", value => options.Save = value!);
        section.Duration(nameof(options.PassivateAfter), value => options.PassivateAfter = value);
        section.Integer(nameof(options.MaxActiveServers), value => options.MaxActiveServers = value);
        section.Integer(nameof(options.MaxStateSize), value => options.MaxStateSize = value);
        section.Integer(nameof(options.MaxWaitingMessages), value => options.MaxWaitingMessages = value);
        section.Choice<ReadPolicy>(nameof(options.Reads), value => options.Reads = value);
        section.Duration(nameof(options.ResendAfter), value => options.ResendAfter = value);
        section.Integer(nameof(options.RememberedCalls), value => options.RememberedCalls = value);
        section.Integer(nameof(options.RememberedReplyBytes), value => options.RememberedReplyBytes = value);
        section.Duration(nameof(options.RememberCallsFor), value => options.RememberCallsFor = value);
        section.Duration(nameof(options.CallTimeout), value => options.CallTimeout = value);
        section.Text(nameof(options.Role), value => options.Role = value);
        section.Integer(nameof(options.StateChecks), value => options.StateChecks = value);
    }

    private static bool TryParsePolicy(string text, out SavePolicy? value)
    {
        value = text.ToUpperInvariant() switch
        {
            "EVERYCHANGE" => SavePolicy.EveryChange,
            "ONSTOP" => SavePolicy.OnStop,
            _ => SettingsSection.TryParseDuration(text, out var interval) ? SavePolicy.Every(interval) : null,
        };
        return value is not null;
    }
}
