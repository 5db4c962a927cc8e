using AkkaDurable.Journal.Internal.Streams;

namespace AkkaDurable.Journal;

/// <summary>Options of <see cref="JournalStateStore"/>.</summary>
public sealed class JournalStateStoreOptions
{
    /// <summary>Which journal plugin: its path in the actor system's configuration, for example <c>akka.persistence.journal.sql</c>.</summary>
    /// <value>The default is empty: the actor system's default journal, <c>akka.persistence.journal.plugin</c>.</value>
    public string PluginId { get; set; } = "";

    /// <summary>What all persistence ids of the store begin with, so that several applications can share a journal: 1 to 60 lower-case letters, digits, <c>-</c>, <c>_</c>, <c>.</c>. It never changes.</summary>
    /// <value>The default is <c>akka-durable</c>.</value>
    public string PersistenceIdPrefix { get; set; } = "akka-durable";

    /// <summary>How long to wait for an answer of the journal, from 1 s to 10 min. It should be longer than the plugin's <c>circuit-breaker.call-timeout</c>.</summary>
    /// <value>The default is 15 seconds.</value>
    public TimeSpan JournalTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How many reads may be under way at once, 1 to 1,000; each takes a connection of the plugin's.</summary>
    /// <value>The default is 32.</value>
    public int MaxConcurrentReads { get; set; } = 32;

    /// <summary>How many writes may be under way at once, 1 to 5,000; further ones wait here. The plugin's own queue should hold as many.</summary>
    /// <value>The default is 256.</value>
    public int MaxConcurrentWrites { get; set; } = 256;

    /// <summary>After how many events of a record the older ones are deleted, 1 or more. They are needed no more, since each event holds the whole record; deleting them costs the journal a transaction.</summary>
    /// <value>The default is 100.</value>
    public int TrimAfter { get; set; } = 100;

    /// <summary>Of how many servers that run here the store remembers where their streams end, 0 or more. A save of another one begins with a read.</summary>
    /// <value>The default is 100,000, some 300 bytes each.</value>
    public int MaxRemembered { get; set; } = 100_000;

    /// <summary>Checks every option. <see cref="JournalStateStore.Create"/> calls it.</summary>
    /// <exception cref="DurableConfigurationException">An option breaks a rule.</exception>
    public void Validate()
    {
        Require(PluginId is not null, null, "it must not be null; leave it empty for the default journal", nameof(PluginId));
        Require(
            PersistenceIdPrefix is { Length: > 0 and <= PersistenceIds.MaxPrefix } && PersistenceIdPrefix.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_' or '.'),
            PersistenceIdPrefix,
            $"it must be 1 to {PersistenceIds.MaxPrefix} lower-case letters, digits, -, _ and .",
            nameof(PersistenceIdPrefix));
        Require(JournalTimeout >= TimeSpan.FromSeconds(1) && JournalTimeout <= TimeSpan.FromMinutes(10), $"{JournalTimeout}", "it must be from 1 s to 10 min", nameof(JournalTimeout));
        Require(MaxConcurrentReads is >= 1 and <= 1_000, $"{MaxConcurrentReads}", "it must be from 1 to 1,000", nameof(MaxConcurrentReads));
        Require(MaxConcurrentWrites is >= 1 and <= 5_000, $"{MaxConcurrentWrites}", "it must be from 1 to 5,000", nameof(MaxConcurrentWrites));
        Require(TrimAfter >= 1, $"{TrimAfter}", "it must be 1 or more", nameof(TrimAfter));
        Require(MaxRemembered >= 0, $"{MaxRemembered}", "it must be 0 or more", nameof(MaxRemembered));
    }

    internal JournalStateStoreOptions Copy() => (JournalStateStoreOptions)MemberwiseClone();

    private static void Require(bool holds, string? value, string rule, string option)
    {
        if (!holds)
        {
            throw new DurableConfigurationException($"{nameof(JournalStateStoreOptions)}.{option}", value, rule);
        }
    }
}
