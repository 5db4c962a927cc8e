using System.Collections.Concurrent;
using Akka.Actor;

namespace AkkaDurable.Tests.Shortcuts;

/// <summary>Stands for a shard region or for a server's mailbox: notes what it is told.</summary>
internal sealed class RecordingRef(string name) : MinimalActorRef
{
    private readonly ConcurrentQueue<object> _messages = new();

    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / name;

    public override IActorRefProvider Provider => throw new NotSupportedException();

    public IReadOnlyList<object> Messages => [.. _messages];

    protected override void TellInternal(object message, IActorRef sender) => _messages.Enqueue(message);
}
