using Akka.Actor;
using Akka.Cluster.Sharding;
using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Runtime;

/// <summary>The actor around a <see cref="ServerProcess"/>: it lends it a mailbox and an address, and speaks with the shard for it.</summary>
internal sealed class ServerActor : UntypedActor, IServerHost
{
    private readonly ServerProcess _process;
    private readonly IActorRef _self;
    private readonly IActorRef _shard;

    public ServerActor(ServerType type)
    {
        _self = Self;
        _shard = Context.Parent;

        _process = new ServerProcess(type, KeyOf(_self.Path.Name), this);
    }

    IActorRef IServerHost.Self => _self;

    void IServerHost.Post(object message) => _self.Tell(message, ActorRefs.NoSender);

    void IServerHost.RequestStop() => _shard.Tell(new Passivate(StopServer.Instance), _self);

    void IServerHost.Stop() => Context.Stop(_self);

    void IServerHost.HandBack(ServerEnvelope message, IActorRef sender) => _process.ServerType.Gateway.Return(message, sender);

    /// <summary>The shard names an actor by its escaped key, so that there need not be Props for each server.</summary>
    internal static string KeyOf(string actorName) => Uri.UnescapeDataString(actorName);

    protected override void OnReceive(object message) => _process.Receive(message, Sender);

    protected override void PostStop() => _process.EndByForce();

    // The process answers for all errors of user code. What gets here is a defect of ours: all who wait are told, and the actor begins again with what is in its mailbox and in the store.
    protected override void PreRestart(Exception reason, object message) => _process.Collapse(reason);
}
