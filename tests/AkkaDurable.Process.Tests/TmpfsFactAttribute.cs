namespace AkkaDurable.Process.Tests;

/// <summary>A test that needs a disk of its own; skipped, with the reason, where none can be mounted.</summary>
internal sealed class TmpfsFactAttribute : FactAttribute
{
    public TmpfsFactAttribute() => Skip = Tmpfs.Unavailable;
}
