using Akka.Actor;
using Akka.Persistence;

namespace AkkaDurable.Journal.Internal.Protocol;

/// <summary>Collects what a journal replays.</summary>
internal sealed class ReplayRequest(IActorRefProvider provider) : JournalRequest<Replay>(provider)
{
    private readonly List<IPersistentRepresentation> _events = [];

    protected override void TellInternal(object message, IActorRef sender)
    {
        switch (message)
        {
            case ReplayedMessage replayed:
                lock (_events)
                {
                    _events.Add(replayed.Persistent);
                }

                break;
            case RecoverySuccess success:
                lock (_events)
                {
                    Complete(new Replay([.. _events], success.HighestSequenceNr, null));
                }

                break;
            case ReplayMessagesFailure failure:
                Complete(new Replay([], 0, failure.Cause));
                break;
        }
    }
}
