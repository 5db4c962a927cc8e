using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Akka.Cluster;
using Akka.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AkkaDurable.Management.Internal.Palettes;

/// <summary>What a node is and how it is: this one, another, or all.</summary>
internal static class SystemPalette
{
    private const string Hidden = "(hidden)";

    // What a setting's last word must not contain, and what a value must not, to be shown.
    private static readonly string[] s_secretNames = ["password", "secret", "token", "credential", "connection-string", "connectionstring", "apikey", "api-key", "private-key", "passphrase", "cookie"];
    private static readonly string[] s_secretValues = ["password=", "pwd=", "secret=", "accountkey=", "sharedaccesskey="];

    /// <summary>The verbs, about this node.</summary>
    public static CommandPalette Local { get; } = new(
        "system",
        "Nodes: what they are, and how.",
        new CommandDefinition("info", "Shows the node: address, uptime, versions, memory.", Info) { Examples = [""] },
        new CommandDefinition("health", "Runs the health checks.", Health) { Examples = [""] },
        new CommandDefinition("config", "Shows Akka's configuration below a path, without what looks like a secret.", ShowConfig)
        {
            Arguments = [new("path", "The path.", "-p", "--path") { IsPositional = true, Defaults = ["akka.cluster"] }],
            Effect = CommandEffect.Reveals,
            Examples = ["", "akka.remote.dot-netty.tcp"],
        });

    public static CommandPalette Create() => NodeVerbs.AboutAnyNode(Local, "info", "health");

    private static async IAsyncEnumerable<CommandOutput> Info(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var cluster = Cluster.Get(context.System);
        var process = Environment.ProcessId;
        yield return CommandOutput.RowOf(
            "system",
            ("system", context.System.Name),
            ("node", cluster.SelfAddress.ToString()),
            ("status", cluster.SelfMember.Status),
            ("started", context.Time.GetUtcNow() - context.System.Uptime),
            ("uptime", TimeSpan.FromSeconds(Math.Floor(context.System.Uptime.TotalSeconds))),
            ("process", process),
            ("machine", Environment.MachineName),
            ("runtime", RuntimeInformation.FrameworkDescription),
            ("akka", FileVersion(typeof(Akka.Actor.ActorSystem))),
            ("akkaDurable", FileVersion(typeof(DurableServers))),
            ("processors", Environment.ProcessorCount),
            ("workingSetMiB", Environment.WorkingSet >> 20),
            ("managedMiB", GC.GetTotalMemory(forceFullCollection: false) >> 20));
    }

    private static async IAsyncEnumerable<CommandOutput> Health(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (context.Services.GetService<HealthCheckService>() is not { } checks)
        {
            yield return new CommandOutput.Line("the app has no health checks: it calls services.AddHealthChecks() to have them");
            yield break;
        }

        var report = await checks.CheckHealthAsync(cancellationToken).ConfigureAwait(false);
        foreach (var (name, entry) in report.Entries)
        {
            yield return CommandOutput.RowOf(
                "check", ("check", name), ("status", entry.Status), ("description", entry.Description ?? entry.Exception?.GetType().Name), ("took", entry.Duration), ("tags", entry.Tags.Order(StringComparer.Ordinal).ToArray()));
        }
    }

    private static async IAsyncEnumerable<CommandOutput> ShowConfig(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var path = context.Arguments.Text("path");
        Config? config;
        try
        {
            config = context.System.Settings.Config.HasPath(path) ? context.System.Settings.Config : null;
        }
        catch (ConfigurationException exception)
        {
            throw new CommandException(CommandErrorKind.InvalidValue, $"{CommandException.Show(path)} is no path of the configuration: {exception.Message}", exception);
        }

        if (config is null)
        {
            throw new CommandException(CommandErrorKind.NotFound, $"the configuration has nothing at {CommandException.Show(path)}");
        }

        foreach (var (name, value) in ConfigTexts.Of(config.GetValue(path), path))
        {
            yield return CommandOutput.RowOf("setting", ("setting", name), ("value", IsSecret(name, value) ? Hidden : value));
        }
    }

    internal static bool IsSecret(string name, string value)
    {
        var compact = value.Replace(" ", "", StringComparison.Ordinal);
        return s_secretNames.Any(secret => name[(name.LastIndexOf('.') + 1)..].Contains(secret, StringComparison.OrdinalIgnoreCase))
            || s_secretValues.Any(secret => compact.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    private static string? FileVersion(Type type) => type.Assembly.GetName().Version?.ToString(3);
}
