using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace AkkaDurable.Hosting.Internal.Configuration;

/// <summary>The section <c>AkkaDurable:Servers:{type}</c>.</summary>
internal static class ServerSettings
{
    private const string LimitRule = "it must be a whole number, or None";

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
        section.Flag(nameof(options.Permanent), value => options.Permanent = value);
        section.Duration(nameof(options.RecoveryInterval), value => options.RecoveryInterval = value);
        section.Read<int?>(nameof(options.MaxCrashes), TryParseLimit, LimitRule, value => options.MaxCrashes = value);
        section.Duration(nameof(options.CrashWindow), value => options.CrashWindow = value);
        section.Duration(nameof(options.RestartDelay), value => options.RestartDelay = value);
        section.Duration(nameof(options.MaxRestartDelay), value => options.MaxRestartDelay = value);
        section.Read<int?>(nameof(options.BreakerCrashes), TryParseLimit, LimitRule, value => options.BreakerCrashes = value);
        section.Duration(nameof(options.BreakerWindow), value => options.BreakerWindow = value);
        section.Duration(nameof(options.BreakerCoolDown), value => options.BreakerCoolDown = value);
        section.Flag(nameof(options.StartsHeld), value => options.StartsHeld = value);
        section.Text(nameof(options.Role), value => options.Role = value);
        section.Integer(nameof(options.StateChecks), value => options.StateChecks = value);
        section.Flag(nameof(options.AllowJsonCalls), value => options.AllowJsonCalls = value);
    }

    // Here null is a choice of its own, and not the default.
    private static bool TryParseLimit(string text, out int? value)
    {
        value = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit) ? limit : null;
        return value is not null || text.Equals("None", StringComparison.OrdinalIgnoreCase);
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
