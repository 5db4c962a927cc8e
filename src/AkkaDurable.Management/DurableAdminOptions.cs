namespace AkkaDurable.Management;

/// <summary>Who may do what by the admin API. Read when the API is mapped; checked then.</summary>
/// <remarks>By default it answers this machine only, and changes nothing.</remarks>
public sealed class DurableAdminOptions
{
    internal const int MinTokenLength = 16;

    /// <summary>The secret that permits changes, and what may be confidential: a request carries it as <c>Authorization: Bearer …</c>, never in its URL.</summary>
    /// <value>The default is <see langword="null"/>: nobody has one. At least 16 characters of printable ASCII without spaces.</value>
    public string? Token { get; set; }

    /// <summary>The name of an authorization policy of the app that permits the same to its users.</summary>
    /// <value>The default is <see langword="null"/>: none. Only where the API is mapped into the app (<c>MapAkkaDurable</c>).</value>
    public string? AuthorizationPolicy { get; set; }

    /// <summary>Whether requests from other machines are answered. They need the token or the policy for all that they ask, and HTTPS.</summary>
    /// <value>The default is <see langword="false"/>. What comes through a proxy counts as from another machine.</value>
    public bool AllowRemote { get; set; }

    /// <summary>The app's own palettes, beside those there are.</summary>
    public IList<CommandPalette> Palettes { get; } = [];

    /// <summary>The largest request body, in bytes.</summary>
    /// <value>The default is 65,536. 1,024 to 16 MiB.</value>
    public int MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>How many commands that are followed may be open at a time.</summary>
    /// <value>The default is 32. 1 to 10,000.</value>
    public int MaxOpenStreams { get; set; } = 32;

    /// <summary>How many other commands may run at a time.</summary>
    /// <value>The default is 32. 1 to 10,000.</value>
    public int MaxCommands { get; set; } = 32;

    /// <summary>How many dashboards may be open at a time. They share one watch over the cluster.</summary>
    /// <value>The default is 100. 1 to 10,000.</value>
    public int MaxViewers { get; set; } = 100;

    /// <summary>How long a command may run that is not followed.</summary>
    /// <value>The default is 10 minutes. 1 second to 1 day.</value>
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a command may be followed.</summary>
    /// <value>The default is 1 hour. 1 second to 1 day.</value>
    public TimeSpan MaxStreamDuration { get; set; } = TimeSpan.FromHours(1);

    internal void Validate()
    {
        Check(nameof(Token), Token is null || (Token.Length >= MinTokenLength && Token.All(c => c is > ' ' and <= '~')), "(hidden)", "it has at least 16 characters of printable ASCII without spaces");
        Check(nameof(AuthorizationPolicy), AuthorizationPolicy is null || !string.IsNullOrWhiteSpace(AuthorizationPolicy), AuthorizationPolicy, "a policy has a name");
        Check(nameof(AllowRemote), !AllowRemote || Token is not null || AuthorizationPolicy is not null, "true", "requests from other machines need a Token or an AuthorizationPolicy to be told apart");
        Check(nameof(MaxBodyBytes), MaxBodyBytes is >= 1024 and <= 16 << 20, $"{MaxBodyBytes}", "it must be 1,024 bytes to 16 MiB");
        Check(nameof(MaxOpenStreams), MaxOpenStreams is >= 1 and <= 10_000, $"{MaxOpenStreams}", "it must be 1 to 10,000");
        Check(nameof(MaxCommands), MaxCommands is >= 1 and <= 10_000, $"{MaxCommands}", "it must be 1 to 10,000");
        Check(nameof(MaxViewers), MaxViewers is >= 1 and <= 10_000, $"{MaxViewers}", "it must be 1 to 10,000");
        Check(nameof(MaxDuration), IsDuration(MaxDuration), $"{MaxDuration}", "it must be 1 second to 1 day");
        Check(nameof(MaxStreamDuration), IsDuration(MaxStreamDuration), $"{MaxStreamDuration}", "it must be 1 second to 1 day");
    }

    private static bool IsDuration(TimeSpan value) => value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromDays(1);

    private static void Check(string option, bool isValid, string? value, string rule)
    {
        if (!isValid)
        {
            throw new DurableConfigurationException($"DurableAdminOptions.{option}", value, rule);
        }
    }
}
