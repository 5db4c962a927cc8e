using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.TestKit.Internal;

namespace AkkaDurable.Tests.Review;

/// <summary>Runs the process on the test's own thread, over a store that answers at once.</summary>
internal sealed class PumpedHost : IServerHost
{
    private readonly Queue<(object Message, IActorRef Sender)> _mailbox = new();

    public PumpedHost(DurableNode node, Type implementation, Action<DurableServerOptions>? configure = null, Func<DurableServer>? factory = null)
    {
        var options = new DurableServerOptions { PassivateAfter = Timeout.InfiniteTimeSpan, RestartDelay = TimeSpan.Zero };
        configure?.Invoke(options);
        Process = new ServerProcess(new ServerType(node, "test", implementation, options, factory), "key", this);
    }

    public ServerProcess Process { get; }

    public bool IsStopped { get; private set; }

    public Action<object>? Before { get; init; }

    public IActorRef Self => ActorRefs.Nobody;

    public void Post(object message) => _mailbox.Enqueue((message, ActorRefs.Nobody));

    public void RequestStop() => Post(StopServer.Instance);

    public void Stop() => IsStopped = true;

    public void HandBack(ServerEnvelope message, IActorRef sender) => throw new InvalidOperationException("Nothing should wait.");

    public ReplyEnvelope Ask(object message)
    {
        ReplyEnvelope? reply = null;
        Tell(message, answer => reply = answer);
        return reply ?? throw new InvalidOperationException("There was no reply.");
    }

    public void Tell(object message, Action<ReplyEnvelope> answer, string caller = "caller")
    {
        _mailbox.Enqueue((message, new ProbeRef(caller, (reply, _) => answer((ReplyEnvelope)reply))));
        Pump();
    }

    public void Pump(object? message = null)
    {
        if (message is not null)
        {
            Post(message);
        }

        // As on an actor's thread; else what handlers await would go on where the test runner sees fit.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);

        // What comes after the stop is for dead letters.
        while (!IsStopped && _mailbox.TryDequeue(out var next))
        {
            Before?.Invoke(next.Message);
            Process.Receive(next.Message, next.Sender);
        }

        SynchronizationContext.SetSynchronizationContext(context);
    }
}
