using Akka.Actor;

namespace AkkaDurable.Supervision.Tests.Support;

/// <summary>A child that writes down its start and its end, and does what it is told.</summary>
internal sealed class Probe : UntypedActor
{
    private readonly string _id;
    private readonly Recorder _log;
    private readonly Action<IUntypedActorContext>? _onStart;

    public Probe(string id, Recorder log, Action<IUntypedActorContext>? onStart)
    {
        (_id, _log, _onStart) = (id, log, onStart);
    }

    public static ChildSpec Spec(string id, Recorder log, Action<IUntypedActorContext>? onStart = null) =>
        ChildSpec.Worker(id, _ => Props.Create(() => new Probe(id, log, onStart)));

    /// <summary>Throws in its handler.</summary>
    public static void Crash(IActorRef? child, string why = "crash") => Tell(child, _ => throw new InvalidOperationException(why));

    public static void Tell(IActorRef? child, Action<IUntypedActorContext> action)
    {
        Assert.NotNull(child);
        child.Tell(new Run(action), ActorRefs.NoSender);
    }

    protected override void PreStart()
    {
        _onStart?.Invoke(Context);
        _log.Add($"start {_id}");
    }

    protected override void PostStop() => _log.Add($"stop {_id}");

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Run run:
                run.Action(Context);
                break;
            case "ping":
                Sender.Tell("pong");
                break;
            case Down down:
                _log.Add($"{_id} down {down.Reason}");
                break;
            case "finish":
                _log.Add($"{_id} finishes");
                Context.Stop(Self);
                break;
        }
    }

    private sealed record Run(Action<IUntypedActorContext> Action) : INoSerializationVerificationNeeded;
}
