using Akka;
using Akka.Actor;
using Akka.Event;

namespace AkkaDurable.Supervision.Internal.Runtime;

/// <summary>The trees of an actor system, in start order.</summary>
internal sealed class TreeRegistry(ExtendedActorSystem system) : IExtension
{
    private readonly List<(SupervisionTree Tree, string? Phase)> _trees = [];
    private readonly HashSet<string> _phases = [];

    public static TreeRegistry Of(ActorSystem system) => system.WithExtension<TreeRegistry, Provider>();

    public IReadOnlyList<SupervisionTree> All
    {
        get
        {
            lock (_trees)
            {
                return [.. _trees.Select(entry => entry.Tree)];
            }
        }
    }

    public SupervisionTree? Find(string id)
    {
        lock (_trees)
        {
            return _trees.Select(entry => entry.Tree).LastOrDefault(tree => tree.Spec.Id == id);
        }
    }

    public void Add(SupervisionTree tree, string? phase)
    {
        bool isNew;
        lock (_trees)
        {
            _trees.Add((tree, phase));
            isNew = phase is not null && _phases.Add(phase);
        }

        if (isNew)
        {
            CoordinatedShutdown.Get(system).AddTask(phase!, "stop-supervision-trees", () => StopAsync(phase!));
        }
    }

    public void Remove(SupervisionTree tree)
    {
        lock (_trees)
        {
            _trees.RemoveAll(entry => entry.Tree == tree);
        }
    }

    private async Task<Done> StopAsync(string phase)
    {
        SupervisionTree[] trees;
        lock (_trees)
        {
            trees = [.. _trees.Where(entry => entry.Phase == phase).Select(entry => entry.Tree).Reverse()];
        }

        foreach (var tree in trees)
        {
            system.Log.Info("Stopping the supervision tree {0}.", tree.Spec.Id);
            await tree.StopAsync().ConfigureAwait(false);
        }

        return Done.Instance;
    }

    private sealed class Provider : ExtensionIdProvider<TreeRegistry>
    {
        public override TreeRegistry CreateExtension(ExtendedActorSystem system) => new(system);
    }
}
