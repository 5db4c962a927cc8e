using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using AkkaDurable.Supervision.Internal.Runtime;

namespace AkkaDurable.Hosting.Internal.Supervision.Singletons;

/// <summary>The parent of a node's singleton managers. They must have the same path on all nodes, wherever in a tree their children stand, and a name can be had again only by the parent, once it knows that the one before is gone.</summary>
internal sealed class SingletonSite : UntypedActor
{
    public const string SiteName = "akka-durable-singletons";
    public const string SingletonName = "singleton";

    private readonly Dictionary<IActorRef, SingletonRun> _runs = [];

    protected override SupervisorStrategy SupervisorStrategy() => new ChildFailureStrategy();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Begin { Run: var run }:
                Start(run);
                break;
            case End { Run: { Manager: { } manager } }:
                Context.Stop(manager);
                break;
            case Terminated { ActorRef: var ended } when _runs.Remove(ended, out var run):
                Context.Stop(run.Actor!);
                run.OnManagerEnded(ExitReasons.Of(ended));
                break;
        }
    }

    private void Start(SingletonRun run)
    {
        var name = Uri.EscapeDataString(run.Name);
        if (!Context.Child(name).IsNobody())
        {
            run.OnRefused($"the singleton '{run.Name}' is another child on this node, or an earlier one has not ended yet");
            return;
        }

        var settings = ClusterSingletonManagerSettings.Create(Context.System).WithSingletonName(SingletonName);
        var proxySettings = ClusterSingletonProxySettings.Create(Context.System).WithSingletonName(SingletonName);
        if (run.Options.Role is { } role)
        {
            settings = settings.WithRole(role);
            proxySettings = proxySettings.WithRole(role);
        }

        var manager = Context.Watch(Context.ActorOf(ClusterSingletonManager.Props(Props.Create(() => new SingletonKeeper(run)), EndSingleton.Instance, settings), name));
        var proxy = Context.ActorOf(ClusterSingletonProxy.Props($"/user/{SiteName}/{name}", proxySettings));
        _runs[manager] = run;
        run.OnManagerStarted(manager, proxy);
    }

    internal sealed record Begin(SingletonRun Run) : INoSerializationVerificationNeeded;

    internal sealed record End(SingletonRun Run) : INoSerializationVerificationNeeded;
}
