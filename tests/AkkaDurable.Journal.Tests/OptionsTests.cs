using Akka.Actor;

namespace AkkaDurable.Journal.Tests;

public sealed class OptionsTests
{
    public static TheoryData<string, Action<JournalStateStoreOptions>> Wrong => new()
    {
        { "PluginId", o => o.PluginId = null! },
        { "PersistenceIdPrefix", o => o.PersistenceIdPrefix = "" },
        { "PersistenceIdPrefix", o => o.PersistenceIdPrefix = "a/b" },
        { "PersistenceIdPrefix", o => o.PersistenceIdPrefix = new string('a', 61) },
        { "JournalTimeout", o => o.JournalTimeout = TimeSpan.Zero },
        { "MaxConcurrentReads", o => o.MaxConcurrentReads = 0 },
        { "MaxConcurrentWrites", o => o.MaxConcurrentWrites = 0 },
        { "TrimAfter", o => o.TrimAfter = 0 },
        { "MaxRemembered", o => o.MaxRemembered = -1 },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_option_is_refused_by_name(string option, Action<JournalStateStoreOptions> change)
    {
        var options = new JournalStateStoreOptions();
        change(options);
        var system = ActorSystem.Create("options", "akka.loglevel = OFF, akka.stdout-loglevel = OFF");

        var refusal = Assert.Throws<DurableConfigurationException>(() => JournalStateStore.Create(system, options));

        Assert.Equal("JournalStateStoreOptions." + option, refusal.Option);
        await system.Terminate();
    }

    [Fact]
    public void The_defaults_are_allowed() => new JournalStateStoreOptions().Validate();
}
