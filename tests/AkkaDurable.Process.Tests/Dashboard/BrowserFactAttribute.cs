namespace AkkaDurable.Process.Tests.Dashboard;

/// <summary>A test that needs a browser; skipped, with the reason, where none can be had.</summary>
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = BrowserTools.Unavailable;
}
