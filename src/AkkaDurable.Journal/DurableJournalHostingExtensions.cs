using AkkaDurable;
using AkkaDurable.Journal;

namespace Akka.Hosting;

/// <summary>Keeps the states of durable servers in a journal of Akka.Persistence. Takes the place of <c>WithDurableSql</c>; the last of such calls counts.</summary>
public static class DurableJournalHostingExtensions
{
    /// <summary>Keeps the states in a journal.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="pluginId">The plugin's path in the configuration, for example <c>akka.persistence.journal.sql</c>. Left out, the default journal.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>The plugin is configured as for any persistent actor, before or after this. The store runs copies of it with the settings that it needs; see <see cref="JournalStateStore"/>, also for what that costs.</remarks>
    public static AkkaConfigurationBuilder WithDurableJournal(this AkkaConfigurationBuilder builder, string pluginId = "") => builder.WithDurableJournal(options => options.PluginId = pluginId);

    /// <summary>Keeps the states in a journal.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Where and how.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DurableConfigurationException">An option breaks a rule. What is wrong with the plugin itself is told when the app starts.</exception>
    public static AkkaConfigurationBuilder WithDurableJournal(this AkkaConfigurationBuilder builder, Action<JournalStateStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new JournalStateStoreOptions();
        configure(options);
        options.Validate();
        return builder.WithDurableStateStore(system =>
        {
            var setup = system.Settings.Setup.Get<DurableServersSetup>().Value;
            return JournalStateStore.Create(system, options, setup.Time, setup.Loggers);
        });
    }
}
