namespace AkkaDurable.Process.Tests;

/// <summary>What the load knows of one key.</summary>
internal sealed class LoadKey(string key)
{
    public string Key { get; } = key;

    /// <summary>The number of the newest change that was sent.</summary>
    public long Sent { get; set; }

    /// <summary>The number of the newest change that was acknowledged: <see cref="Sent"/>, or one less.</summary>
    public long Acknowledged { get; set; }

    /// <summary>When each change was first sent, by <see cref="TimeProvider.GetTimestamp"/>: change 1 first.</summary>
    public List<long> SentAt { get; } = [];

    /// <summary>When each change was known to be acknowledged, change 1 first.</summary>
    public List<long> AcknowledgedAt { get; } = [];

    /// <summary>The longest wait for an acknowledgement since the load was told to measure.</summary>
    public TimeSpan WorstGap { get; set; }

    /// <summary>How many calls have failed.</summary>
    public long Failed { get; set; }

    /// <summary>The longest time from a call to its end, since the load was told to measure.</summary>
    public TimeSpan LongestCall { get; set; }
}
