using Akka.Actor;
using Akka.Persistence;

namespace AkkaDurable.Journal.Internal.Protocol;

/// <summary>Waits for the end of one deletion. The answer is why it failed, or <see langword="null"/>.</summary>
internal sealed class DeleteRequest(IActorRefProvider provider) : JournalRequest<Exception?>(provider)
{
    protected override void TellInternal(object message, IActorRef sender)
    {
        switch (message)
        {
            case DeleteMessagesSuccess:
                Complete(null);
                break;
            case DeleteMessagesFailure failure:
                Complete(failure.Cause);
                break;
        }
    }
}
