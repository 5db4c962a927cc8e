using System.Collections.Concurrent;
using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;

namespace AkkaDurable.TestKit.Internal;

/// <summary>Runs a server process as an actor in its shard would: a mailbox, one message at a time, and a new process for what comes after a stop.</summary>
internal sealed class ProbeHost : IServerHost
{
    private readonly ConcurrentQueue<(object Message, IActorRef Sender)> _mailbox = new();
    private readonly ServerType _type;
    private readonly string _key;
    private int _scheduled;

    public ProbeHost(ServerType type, string key)
    {
        _type = type;
        _key = key;
        Self = new ProbeRef("server", Enqueue);
        Process = new ServerProcess(type, key, this);
    }

    public IActorRef Self { get; }

    public ServerProcess Process { get; private set; }

    public void Post(object message) => Enqueue(message, ActorRefs.Nobody);

    public void RequestStop() => Post(StopServer.Instance);

    public void Stop() => Process = new ServerProcess(_type, _key, this);

    public void HandBack(ServerEnvelope message, IActorRef sender) => Enqueue(message, sender);

    /// <summary>Ends when everything that waited has been handled, and everything that followed from it.</summary>
    public Task SettleAsync()
    {
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new Marker(settled));
        return settled.Task;
    }

    /// <summary>What a kill -9 leaves: nothing but the store.</summary>
    public Task CrashAsync()
    {
        var crashed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new Crash(crashed));
        return crashed.Task;
    }

    private void Enqueue(object message, IActorRef sender)
    {
        _mailbox.Enqueue((message, sender));
        if (Interlocked.Exchange(ref _scheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static host => host.Drain(), this, preferLocal: false);
        }
    }

    private void Drain()
    {
        do
        {
            while (_mailbox.TryDequeue(out var next))
            {
                Handle(next.Message, next.Sender);
            }

            // A full fence: a plain store could become visible after the look at the mailbox, and a message that came in between would lie there.
            Interlocked.Exchange(ref _scheduled, 0);
        }
        while (!_mailbox.IsEmpty && Interlocked.Exchange(ref _scheduled, 1) == 0);
    }

    private void Handle(object message, IActorRef sender)
    {
        switch (message)
        {
            case Marker marker when _mailbox.IsEmpty:
                marker.Settled.SetResult();
                break;
            case Marker:
                Post(message);
                break;
            case Crash crash:
                Process.Abandon();
                Process = new ServerProcess(_type, _key, this);
                crash.Done.SetResult();
                break;
            default:
                Receive(message, sender);
                break;
        }
    }

    // As an actor does: what gets out of the process ends it, and the next message starts another.
    private void Receive(object message, IActorRef sender)
    {
        try
        {
            Process.Receive(message, sender);
        }
        catch (Exception exception)
        {
            Process.Collapse(exception);
            Process = new ServerProcess(_type, _key, this);
        }
    }

    private sealed record Marker(TaskCompletionSource Settled);

    private sealed record Crash(TaskCompletionSource Done);
}
