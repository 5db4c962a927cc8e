using Akka.Actor;

namespace AkkaDurable.Supervision.Internal.Runtime;

/// <summary>The reason of a coordinated shutdown that a tree's root has caused.</summary>
internal sealed class TreeGaveUp : CoordinatedShutdown.Reason
{
    private TreeGaveUp()
    {
    }

    public static TreeGaveUp Instance { get; } = new();

    public override int ExitCode => 1;

    public override string ToString() => "a supervision tree gave up";
}
