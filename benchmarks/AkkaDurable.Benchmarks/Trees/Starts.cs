using System.Collections.Concurrent;
using Akka.Actor;

namespace AkkaDurable.Benchmarks.Trees;

/// <summary>The children that run, and who waits for the next start of one.</summary>
internal sealed class Starts
{
    private readonly ConcurrentDictionary<int, IActorRef> _children = [];
    private (int Number, TaskCompletionSource Done)? _waiting;

    public IActorRef this[int number] => _children[number];

    public void Note(int number, IActorRef actor)
    {
        _children[number] = actor;
        if (_waiting is { } waiting && waiting.Number == number)
        {
            waiting.Done.TrySetResult();
        }
    }

    public Task FailAsync(int number)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting = (number, done);
        _children[number].Tell(TreeChild.Fail, ActorRefs.NoSender);
        return done.Task;
    }

    public void Clear() => _children.Clear();
}
