using Akka.Actor;
using Akka.Persistence;

namespace AkkaDurable.Journal.Internal.Protocol;

/// <summary>Waits for the end of one write. The answer is why it failed, or <see langword="null"/>.</summary>
internal sealed class WriteRequest(IActorRefProvider provider) : JournalRequest<Exception?>(provider)
{
    protected override void TellInternal(object message, IActorRef sender)
    {
        // WriteMessagesSuccessful and WriteMessagesFailed come before these and say less.
        switch (message)
        {
            case WriteMessageSuccess:
                Complete(null);
                break;
            case WriteMessageFailure failure:
                Complete(failure.Cause);
                break;
            case WriteMessageRejected rejected:
                Complete(rejected.Cause);
                break;
        }
    }
}
