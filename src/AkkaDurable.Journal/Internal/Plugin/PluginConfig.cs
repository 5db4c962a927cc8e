using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;

namespace AkkaDurable.Journal.Internal.Plugin;

/// <summary>
/// Makes instances of the app's journal plugin for our own use: copies of its configuration under paths of ours, over which lie the settings that we rest on. The app's own persistent actors keep theirs.
/// </summary>
internal static class PluginConfig
{
    public const string Records = "akka-durable.journal.records";
    public const string Leases = "akka-durable.journal.leases";

    private const string Fallback = "akka.persistence.journal-plugin-fallback";
    private const string Source = "copied-from";

    /// <summary>Adds the copies to the system's configuration and checks them.</summary>
    /// <returns>The plugin ids for the records and for the leases, which may be the same.</returns>
    public static (string Records, string Leases) Apply(ExtendedActorSystem system, string pluginId)
    {
        // Loads the extension's reference configuration.
        Persistence.Instance.Apply(system);
        var source = pluginId.Length > 0 ? pluginId : system.Settings.Config.GetString("akka.persistence.journal.plugin");
        var plugin = string.IsNullOrEmpty(source) ? null : system.Settings.Config.GetConfig(source);
        if (plugin.IsNullOrEmpty())
        {
            throw new DurableConfigurationException($"{nameof(JournalStateStoreOptions)}.{nameof(JournalStateStoreOptions.PluginId)}", source, "there is no journal plugin at that path of the configuration");
        }

        var other = system.Settings.Config.GetString($"{Records}.{Source}");
        if (other is not null && other != source)
        {
            throw new DurableConfigurationException($"{nameof(JournalStateStoreOptions)}.{nameof(JournalStateStoreOptions.PluginId)}", source, $"another store of this actor system uses {other}");
        }

        var isSql = plugin!.GetString("class", "")!.StartsWith("Akka.Persistence.Sql.", StringComparison.Ordinal);
        var isSqlite = isSql && plugin.GetString("provider-name", "")!.StartsWith("SQLite", StringComparison.OrdinalIgnoreCase);
        if (other is null)
        {
            var settings = ConfigurationFactory.ParseString($"{Source} = \"{source}\"").WithFallback(Ours(isSql, isSqlite)).WithFallback(plugin).WithFallback(system.Settings.Config.GetConfig(Fallback));
            system.Settings.InjectTopLevelFallback(At(Records, settings));
            system.Settings.InjectTopLevelFallback(At(Leases, settings));
        }

        PluginRules.Check(Records, system.Settings.Config.GetConfig(Records));

        // Of an SQLite file there is one writer at a time anyway, and two that wait for each other there are worse off than one after the other.
        if (isSqlite)
        {
            return (Records, Records);
        }

        PluginRules.Check(Leases, system.Settings.Config.GetConfig(Leases));
        return (Records, Leases);
    }

    private static Config Ours(bool isSql, bool isSqlite)
    {
        var ours = PluginRules.Ours;
        if (isSql)
        {
            ours = ConfigurationFactory.ParseString("batch-size = 20").WithFallback(ours);
        }

        // Reads then do not take SQLite's write lock (in Microsoft.Data.Sqlite that level means a deferred transaction, which is serializable all the same), and writers do not wait for each other.
        return isSqlite ? ConfigurationFactory.ParseString("parallelism = 1, read-isolation-level = read-uncommitted").WithFallback(ours) : ours;
    }

    private static Config At(string path, Config config)
    {
        Config? result = null;
        for (Config? part = config; part is not null; part = part.Fallback)
        {
            var nested = part;
            foreach (var key in path.Split('.').Reverse())
            {
                nested = nested.Root.AtKey(key);
            }

            result = result is null ? nested : result.WithFallback(nested);
        }

        return result!;
    }
}
