namespace AkkaDurable.Management.Internal.Dashboard;

/// <param name="Id">Its name, and which one of that name.</param>
/// <param name="Version">When it became what it is.</param>
/// <param name="Text">The server-sent event that tells it.</param>
internal sealed record BoardSection(string Id, long Version, byte[] Text)
{
    /// <summary>The time stamp of the last look.</summary>
    public long At { get; set; }
}
