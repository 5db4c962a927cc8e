using System.Text;

namespace AkkaDurable.Supervision.Internal;

/// <summary>A tree as text, one line a child.</summary>
internal static class TreeText
{
    public static string Of(ChildSpec root) => Draw(root, spec => $"{spec.Id} ({Describe(spec)})", spec => spec is SupervisorSpec supervisor ? supervisor.Children : []);

    public static string Of(TreeNode root) => Draw(root, node => $"{node.Child.Id} ({State(node)})", node => node.Children);

    private static string State(TreeNode node)
    {
        var status = node.Child.Status.ToString().ToLowerInvariant();
        var restarts = node.Child.Restarts switch
        {
            0 => "",
            1 => ", 1 restart",
            var count => $", {count} restarts",
        };
        var isRunningSupervisor = node.Child.Spec is SupervisorSpec or DynamicSupervisorSpec && node.Child.Status == ChildStatus.Running;
        var more = isRunningSupervisor ? $", {node.Counts.Specs} {(node.Counts.Specs == 1 ? "child" : "children")}, {node.Counts.Active} active" : "";
        return $"{Describe(node.Child.Spec)}; {status}{restarts}{more}";
    }

    private static string Describe(ChildSpec spec)
    {
        var kind = spec switch
        {
            SupervisorSpec { Partition: not null } partitions => $"{partitions.Children.Length} partitions, {partitions.Intensity}",
            SupervisorSpec supervisor => $"{Words(supervisor.Strategy)}, {supervisor.Intensity}",
            DynamicSupervisorSpec { OfTasks: true } tasks => $"tasks, {tasks.Intensity}",
            DynamicSupervisorSpec dynamic => $"dynamic, {dynamic.Intensity}",
            _ => spec.Type == ChildType.Worker ? "worker" : "supervisor",
        };
        return kind + (spec.Restart == Restart.Permanent ? "" : $", {spec.Restart.ToString().ToLowerInvariant()}") + (spec.Significant ? ", significant" : "") + (spec.Backoff is null ? "" : ", back-off");
    }

    private static string Words(RestartStrategy strategy) => strategy switch
    {
        RestartStrategy.OneForOne => "one for one",
        RestartStrategy.OneForAll => "one for all",
        RestartStrategy.RestForOne => "rest for one",
        _ => strategy.ToString(),
    };

    private static string Draw<T>(T root, Func<T, string> line, Func<T, IEnumerable<T>> children)
    {
        var text = new StringBuilder(line(root));
        Below(root, "");
        return text.ToString();

        void Below(T node, string indent)
        {
            var all = children(node).ToArray();
            for (var i = 0; i < all.Length; i++)
            {
                var last = i == all.Length - 1;
                text.Append('\n').Append(indent).Append(last ? "└─ " : "├─ ").Append(line(all[i]));
                Below(all[i], indent + (last ? "   " : "│  "));
            }
        }
    }
}
