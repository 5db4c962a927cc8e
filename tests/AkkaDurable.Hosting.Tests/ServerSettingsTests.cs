using AkkaDurable.Hosting.Internal.Configuration;
using Microsoft.Extensions.Configuration;

namespace AkkaDurable.Hosting.Tests;

public sealed class ServerSettingsTests
{
    private const string Section = "AkkaDurable:Servers:tally";

    [Fact]
    public void Each_option_is_read()
    {
        var options = Read(
            ("ShardCount", "7"),
            ("Save", "00:00:05"),
            ("PassivateAfter", "Infinite"),
            ("MaxActiveServers", "11"),
            ("MaxStateSize", "13"),
            ("MaxWaitingMessages", "17"),
            ("CallTimeout", "00:00:19"),
            ("Reads", "Fast"),
            ("ResendAfter", "00:00:03"),
            ("RememberedCalls", "23"),
            ("RememberedReplyBytes", "29"),
            ("RememberCallsFor", "00:00:31"),
            ("Permanent", "true"),
            ("RecoveryInterval", "00:00:37"),
            ("MaxCrashes", "9"),
            ("CrashWindow", "00:00:41"),
            ("RestartDelay", "00:00:02"),
            ("MaxRestartDelay", "00:00:43"),
            ("BreakerCrashes", "47"),
            ("BreakerWindow", "00:00:53"),
            ("BreakerCoolDown", "00:00:59"),
            ("Role", "worker"),
            ("StateChecks", "0"),
            ("AllowJsonCalls", "true"));

        Assert.Equal(7, options.ShardCount);
        Assert.Equal(SavePolicy.Every(TimeSpan.FromSeconds(5)), options.Save);
        Assert.Equal(Timeout.InfiniteTimeSpan, options.PassivateAfter);
        Assert.Equal(11, options.MaxActiveServers);
        Assert.Equal(13, options.MaxStateSize);
        Assert.Equal(17, options.MaxWaitingMessages);
        Assert.Equal(TimeSpan.FromSeconds(19), options.CallTimeout);
        Assert.Equal(ReadPolicy.Fast, options.Reads);
        Assert.Equal(TimeSpan.FromSeconds(3), options.ResendAfter);
        Assert.Equal(23, options.RememberedCalls);
        Assert.Equal(29, options.RememberedReplyBytes);
        Assert.Equal(TimeSpan.FromSeconds(31), options.RememberCallsFor);
        Assert.True(options.Permanent);
        Assert.Equal(TimeSpan.FromSeconds(37), options.RecoveryInterval);
        Assert.Equal(9, options.MaxCrashes);
        Assert.Equal(TimeSpan.FromSeconds(41), options.CrashWindow);
        Assert.Equal(TimeSpan.FromSeconds(2), options.RestartDelay);
        Assert.Equal(TimeSpan.FromSeconds(43), options.MaxRestartDelay);
        Assert.Equal(47, options.BreakerCrashes);
        Assert.Equal(TimeSpan.FromSeconds(53), options.BreakerWindow);
        Assert.Equal(TimeSpan.FromSeconds(59), options.BreakerCoolDown);
        Assert.Equal("worker", options.Role);
        Assert.Equal(0, options.StateChecks);
        Assert.True(options.AllowJsonCalls);
    }

    [Fact]
    public void Every_option_but_those_that_only_code_can_give_can_be_configured()
    {
        var all = typeof(DurableServerOptions).GetProperties().Select(property => property.Name);
        string[] onlyInCode = [nameof(DurableServerOptions.Json), nameof(DurableServerOptions.Messages), nameof(DurableServerOptions.HomeRegion), nameof(DurableServerOptions.Placement), nameof(DurableServerOptions.Codec), nameof(DurableServerOptions.WriteWithCodec)];

        var error = Assert.Throws<DurableConfigurationException>(() => Read(("Nonsense", "1")));

        Assert.Equal(all.Except(onlyInCode).Order(StringComparer.Ordinal), error.Rule.Split("there are ")[1].Split(", "));
    }

    [Fact]
    public void Limits_of_crashes_can_be_taken_off()
    {
        var options = Read(("MaxCrashes", "None"), ("BreakerCrashes", "none"));

        Assert.Null(options.MaxCrashes);
        Assert.Null(options.BreakerCrashes);
    }

    [Fact]
    public void Regions_come_from_the_configuration_and_what_says_which_one_from_the_code()
    {
        var options = Read(options => options.HomeRegion = static key => key, ("Regions:0", "eu-west"), ("Regions:1", "us-east"));

        Assert.Equal(["eu-west", "us-east"], options.Regions);
        Assert.Contains("HomeRegion", Assert.Throws<DurableConfigurationException>(() => Read(("Regions:0", "eu-west"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_section_or_with_JSON_nulls_the_defaults_stay()
    {
        var options = Read(("ShardCount", null), ("MaxActiveServers", null));

        Assert.Equal(new DurableServerOptions().ShardCount, options.ShardCount);
        Assert.Null(options.MaxActiveServers);
        Assert.Equal(SavePolicy.EveryChange, ServerSettings.Build(section: null, "tally", configure: null).Save);
    }

    [Theory]
    [InlineData("EveryChange", "EveryChange")]
    [InlineData("onstop", "OnStop")]
    [InlineData("00:00:00.500", "00:00:00.5000000")]
    public void A_save_policy_is_written_as_it_is_shown(string text, string shown) => Assert.Equal(shown, Read(("Save", text)).Save.ToString());

    [Theory]
    [InlineData("ShardCount", "abc", "it must be a whole number")]
    [InlineData("ShardCount", "", "it must be a whole number")]
    [InlineData("ShardCount", "1.5", "it must be a whole number")]
    [InlineData("ShardCount", "99999999999", "it must be a whole number")]
    [InlineData("ShardCount", "0", "it must be 1 to 10,000")]
    [InlineData("ShardCount", "10001", "it must be 1 to 10,000")]
    [InlineData("Save", "always", "it must be EveryChange, OnStop or an interval such as 00:00:05")]
    [InlineData("Save", "5", "it must be EveryChange, OnStop or an interval such as 00:00:05")]
    [InlineData("Save", "00:00:00.001", "it must be 10 ms to 1 day")]
    [InlineData("PassivateAfter", "120", "it must be a time such as 00:00:05, or Infinite")]
    [InlineData("PassivateAfter", "00:00:00", "it must be at least 100 ms, or infinite")]
    [InlineData("MaxActiveServers", "0", "it must be at least 1")]
    [InlineData("MaxStateSize", "0", "it must be 1 byte to 1 GiB")]
    [InlineData("MaxWaitingMessages", "-1", "it must be at least 1")]
    [InlineData("CallTimeout", "soon", "it must be a time such as 00:00:05, or Infinite")]
    [InlineData("CallTimeout", "00:00:00", "it must be at least 1 ms, or infinite")]
    [InlineData("Reads", "sloppy", "it must be Fenced or Fast")]
    [InlineData("ResendAfter", "00:00:00.010", "it must be at least 50 ms")]
    [InlineData("RememberedCalls", "10001", "it must be 0 to 10,000")]
    [InlineData("RememberedReplyBytes", "-1", "it must not be negative")]
    [InlineData("RememberCallsFor", "00:00:00", "it must be at least 1 second")]
    [InlineData("Permanent", "always", "it must be true or false")]
    [InlineData("RecoveryInterval", "00:00:00.010", "it must be 100 ms to 1 hour")]
    [InlineData("RecoveryInterval", "Infinite", "it must be 100 ms to 1 hour")]
    [InlineData("MaxCrashes", "0", "it must be 1 to 30")]
    [InlineData("MaxCrashes", "31", "it must be 1 to 30")]
    [InlineData("MaxCrashes", "never", "it must be a whole number, or None")]
    [InlineData("CrashWindow", "00:00:00", "it must be at least 1 second")]
    [InlineData("RestartDelay", "Infinite", "it must not be negative")]
    [InlineData("MaxRestartDelay", "00:00:00.100", "it must not be shorter than RestartDelay, nor longer than a day")]
    [InlineData("MaxRestartDelay", "1.00:00:01", "it must not be shorter than RestartDelay, nor longer than a day")]
    [InlineData("BreakerCrashes", "0", "it must be at least 1")]
    [InlineData("BreakerCrashes", "1.5", "it must be a whole number, or None")]
    [InlineData("BreakerWindow", "00:00:00", "it must be at least 1 second")]
    [InlineData("BreakerCoolDown", "00:00:00", "it must be at least 1 second")]
    [InlineData("Role", " ", "a role has a name")]
    [InlineData("StateChecks", "-1", "it must not be negative")]
    public void A_bad_value_is_refused_by_path_value_and_rule(string option, string value, string rule)
    {
        var error = Assert.Throws<DurableConfigurationException>(() => Read((option, value)));

        Assert.Equal($"{Section}:{option}", error.Option);
        Assert.Equal(rule, error.Rule);
        Assert.StartsWith($"{Section}:{option} = ", error.Message);
        Assert.EndsWith($" is not allowed: {rule}.", error.Message);
    }

    [Fact]
    public void A_bad_value_is_shown()
    {
        Assert.Equal("abc", Assert.Throws<DurableConfigurationException>(() => Read(("ShardCount", "abc"))).Value);
        Assert.Equal("-7", Assert.Throws<DurableConfigurationException>(() => Read(("ShardCount", "-7"))).Value);
    }

    [Fact]
    public void A_section_where_a_value_belongs_is_refused()
    {
        var error = Assert.Throws<DurableConfigurationException>(() => Read(("ShardCount:Max", "3")));

        Assert.Equal($"{Section}:ShardCount", error.Option);
        Assert.Equal("it is a single value", error.Rule);
    }

    [Fact]
    public void An_unknown_name_is_refused_and_its_value_hidden()
    {
        var error = Assert.Throws<DurableConfigurationException>(() => Read(("ShardCout", "secret")));

        Assert.Equal($"{Section}:ShardCout", error.Option);
        Assert.StartsWith("there is no such option; there are AllowJsonCalls, BreakerCoolDown, ", error.Rule);
        Assert.DoesNotContain("secret", error.Message);
    }

    [Fact]
    public void An_unknown_section_is_refused()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("AkkaDurable:Server:tally:ShardCount", "7")]).Build();

        var error = Assert.Throws<DurableConfigurationException>(() => AppConfiguration.ServerSection(configuration, "tally"));

        Assert.Equal("AkkaDurable:Server", error.Option);
        Assert.Equal("there is no such option; there are Cluster, LeaseTimeToLive, Node, Servers, ShutdownBudget, Sql", error.Rule);
    }

    [Fact]
    public void Code_goes_over_configuration_and_what_it_leaves_stays()
    {
        var options = Read(options => options.CallTimeout = TimeSpan.FromSeconds(1), ("CallTimeout", "00:00:09"), ("ShardCount", "7"));

        Assert.Equal(TimeSpan.FromSeconds(1), options.CallTimeout);
        Assert.Equal(7, options.ShardCount);
    }

    [Fact]
    public void Code_may_correct_a_bad_value_and_is_blamed_for_its_own()
    {
        Assert.Equal(5, Read(options => options.ShardCount = 5, ("ShardCount", "0")).ShardCount);

        var error = Assert.Throws<DurableConfigurationException>(() => Read(options => options.ShardCount = -1, ("ShardCount", "7")));

        Assert.Equal("DurableServerOptions.ShardCount of 'tally'", error.Option);
        Assert.Equal("-1", error.Value);
    }

    private static DurableServerOptions Read(params (string Key, string? Value)[] settings) => Read(null, settings);

    private static DurableServerOptions Read(Action<DurableServerOptions>? configure, params (string Key, string? Value)[] settings) =>
        ServerSettings.Build(Settings.Section(Section, settings), "tally", configure);
}
