using Akka.Actor;
using Akka.Cluster;
using AkkaDurable.Internal.Groups.Hub;
using AkkaDurable.Internal.Groups.Replication;
using AkkaDurable.Internal.Runtime;

namespace AkkaDurable.Internal.Groups;

/// <summary>Has a node take part in groups and lifecycle events.</summary>
internal static class GroupsStart
{
    public static GroupsClient Run(ExtendedActorSystem system, DurableNode node, DurableGroupOptions options)
    {
        if (system.Provider is not IClusterActorRefProvider)
        {
            throw new DurableConfigurationException("akka.actor.provider", system.Settings.ProviderClass, "groups and lifecycle events need a cluster (of one node, if need be): use WithClustering, or provider = cluster");
        }

        options.Validate();
        node.Messages.Declare(options.Messages, new DurableServerOptions().Json);
        var self = Cluster.Get(system).SelfUniqueAddress;
        var hub = new GroupHub(node, options, new NodeId(self.Address.ToString(), self.Uid));
        var tick = options.CompareEvery;
        node.Lifecycle.Hub = system.SystemActorOf(Props.Create(() => new HubActor(hub, tick)), HubActor.Name);
        return new GroupsClient(system, node, node.Lifecycle.Hub);
    }
}
