using Akka.Actor;
using AkkaDurable.Supervision;
using AkkaDurable.Supervision.Internal.Runtime;

namespace AkkaDurable.Hosting.Internal.Supervision.Singletons;

/// <summary>Stands between Akka's manager and the singleton: Akka would restart it in place, and its manager tells nobody that it ended, or why.</summary>
internal sealed class SingletonKeeper(SingletonRun run) : UntypedActor
{
    private IActorRef _singleton = ActorRefs.Nobody;
    private bool _isEnding;
    private ExitReason? _ended;

    protected override SupervisorStrategy SupervisorStrategy() => new ChildFailureStrategy();

    protected override void PreStart()
    {
        if (!run.TryEnter(Self))
        {
            Context.Stop(Self);
            return;
        }

        try
        {
            _singleton = Context.Watch(Context.ActorOf(run.MakeProps(), "it"));
        }
        catch (Exception error)
        {
            // Of making its props, mostly.
            _ended = ExitReason.Error(error);
            Context.Stop(Self);
            return;
        }

        // Answered once its PreStart has run.
        _singleton.Tell(new Identify(run));
    }

    // Also when somebody stops this actor itself, to whom it looks like the singleton.
    protected override void PostStop() => run.OnSingletonEnded(_ended ?? (_isEnding ? null : ExitReason.Normal));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ActorIdentity { MessageId: SingletonRun started } when started == run:
                run.OnSingletonStarted();
                break;
            case Terminated { ActorRef: var ended } when ended.Equals(_singleton):
                _ended = _isEnding ? null : ExitReasons.Of(ended);
                Context.Stop(Self);
                break;
            case EndSingleton:
                _isEnding = true;
                if (run.Options.StopMessage is { } stop)
                {
                    _singleton.Tell(stop);
                }
                else
                {
                    Context.Stop(_singleton);
                }

                break;
            default:
                _singleton.Forward(message);
                break;
        }
    }
}
