using Akka.Actor;

namespace AkkaDurable.Journal.Internal.Protocol;

/// <summary>
/// The sender of one request to a journal: an actor reference without a mailbox that ends a task when the answer comes. It has a path of its own, so that a journal on another node (Akka's plugin proxy) can answer too.
/// </summary>
internal abstract class JournalRequest<T> : MinimalActorRef, IDisposable
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected JournalRequest(IActorRefProvider provider)
    {
        Provider = provider;
        Path = provider.TempPath();
        provider.RegisterTempActor(this, Path);
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider { get; }

    public Task<T> Answer => _answer.Task;

    public void Dispose() => Provider.UnregisterTempActor(Path);

    protected void Complete(T answer) => _answer.TrySetResult(answer);
}
