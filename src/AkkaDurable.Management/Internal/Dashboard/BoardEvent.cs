namespace AkkaDurable.Management.Internal.Dashboard;

/// <param name="Version">When it was told.</param>
/// <param name="Text">The server-sent event that tells it.</param>
internal sealed record BoardEvent(long Version, byte[] Text);
