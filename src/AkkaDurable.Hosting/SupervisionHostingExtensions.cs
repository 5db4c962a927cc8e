using Akka.Actor;
using Akka.DependencyInjection;
using AkkaDurable.Hosting.Internal.Supervision;
using AkkaDurable.Supervision;

namespace Akka.Hosting;

/// <summary>Runs supervision trees with Akka.Hosting.</summary>
public static class SupervisionHostingExtensions
{
    /// <summary>Starts a tree when everything else of this builder has started, and stops it first when the host stops.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="tree">The tree's root. Workers by class get the application's services.</param>
    /// <param name="options">How it runs; null: the defaults.</param>
    /// <param name="stopWithin">How long it may take to stop; null: the sum of its children's <see cref="ChildSpec.Shutdown"/> times, or 30 s when one of those has no limit. The phase of coordinated shutdown gets that long.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// <para>Trees start in the order of these calls, after all actors, durable servers and extensions of the builder wherever those are named, and stop in reverse order in the first phase of coordinated shutdown, before servers are handed over.
    /// The host does not start when a child does not (<see cref="ChildStartException"/>) or a spec is wrong (<see cref="InvalidChildSpecException"/>).</para>
    /// <para>When the root gives up, the actor system is terminated and with it the host; the process's exit code is then 1. <see cref="SupervisionOptions.OnRootExit"/> changes that. Mind that the host's own shutdown time-out (.NET's default: 30 s) is not
    /// below what the trees may take. <see cref="SupervisionTree.Find"/> gives the running tree.</para>
    /// </remarks>
    public static AkkaConfigurationBuilder WithSupervisionTree(this AkkaConfigurationBuilder builder, ChildSpec tree, SupervisionOptions? options = null, TimeSpan? stopWithin = null)
    {
        ArgumentNullException.ThrowIfNull(tree);
        return builder.WithSupervisionTree((_, _) => tree, options, stopWithin ?? StopTimes.Of(tree, options));
    }

    /// <summary>As the other overload, with a tree that is made when the actor system runs.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="tree">Makes the tree's root.</param>
    /// <param name="options">How it runs; null: the defaults.</param>
    /// <param name="stopWithin">How long it may take to stop; null: 30 s.</param>
    /// <returns>The same builder.</returns>
    public static AkkaConfigurationBuilder WithSupervisionTree(
        this AkkaConfigurationBuilder builder,
        Func<ActorSystem, IDependencyResolver, ChildSpec> tree,
        SupervisionOptions? options = null,
        TimeSpan? stopWithin = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(tree);
        options ??= new SupervisionOptions();
        if (options.ShutdownPhase is { } phase)
        {
            StopTimes.Add(builder, phase, stopWithin ?? StopTimes.WithoutLimit);
        }

        // Startup tasks run after all actors of the builder.
        return builder.AddStartup(async (system, _) =>
        {
            var resolver = DependencyResolver.For(system);
            var withServices = options with { PropsFactory = options.PropsFactory ?? (static (system, type, arguments) => DependencyResolver.For(system).Props(type, arguments)) };
            await SupervisionTree.StartAsync(system, tree(system, resolver.Resolver), withServices).ConfigureAwait(false);
        });
    }
}
