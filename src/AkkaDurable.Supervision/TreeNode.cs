using AkkaDurable.Supervision.Internal;

namespace AkkaDurable.Supervision;

/// <summary>A child of a running tree with what is below it, as it was at one moment; see <see cref="SupervisionTree.SnapshotAsync"/>.</summary>
/// <param name="Child">The child.</param>
/// <param name="Children">Its children, in start order. Those of a dynamic supervisor are counted only.</param>
/// <param name="Counts">How many children it has.</param>
public sealed record TreeNode(ChildInfo Child, IReadOnlyList<TreeNode> Children, ChildCounts Counts)
{
    /// <summary>The live tree: one line a child, with its state and how often it was restarted.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => TreeText.Of(this);
}
