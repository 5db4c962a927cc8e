using System.Collections.Concurrent;
using Akka.Actor;

namespace AkkaDurable.Cluster.Tests.Groups;

public sealed record Said(string Text) : ICast;

/// <summary>An actor that keeps what it is told.</summary>
internal static class Listener
{
    public static (IActorRef Actor, ConcurrentQueue<object> Heard) On(TestNode node)
    {
        var heard = new ConcurrentQueue<object>();
        return (node.System.ActorOf(Props.Create(() => new Ear(heard))), heard);
    }

    private sealed class Ear(ConcurrentQueue<object> heard) : UntypedActor
    {
        protected override void OnReceive(object message) => heard.Enqueue(message);
    }
}
