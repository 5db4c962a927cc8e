using Akka.Actor;

namespace AkkaDurable.Benchmarks.Trees;

/// <summary>The child of both contenders: answers, or throws, and tells when it has started.</summary>
internal sealed class TreeChild(Action<int, IActorRef>? started, int number) : UntypedActor
{
    public static readonly object Ping = "ping";
    public static readonly object Fail = "fail";

    protected override void PreStart() => started?.Invoke(number, Self);

    // Akka restarts in place and calls this instead; a stop and a start is what a supervisor does.
    protected override void PostRestart(Exception reason) => PreStart();

    protected override void OnReceive(object message)
    {
        if (message == Fail)
        {
            throw new InvalidOperationException("as told");
        }

        Sender.Tell(message);
    }

    /// <summary>Makes one without an expression tree, as cheap for both.</summary>
    public sealed class Producer(Action<int, IActorRef>? started, int number) : IIndirectActorProducer
    {
        public Type ActorType => typeof(TreeChild);

        public ActorBase Produce() => new TreeChild(started, number);

        public void Release(ActorBase actor)
        {
        }
    }
}
