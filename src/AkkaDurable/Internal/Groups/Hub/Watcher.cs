using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Akka.Actor;
using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Internal.Groups.Hub;

/// <summary>Who is told of lifecycle events: an actor, or a reader with a bounded buffer. Fields belong to the hub but for the buffer.</summary>
internal sealed class Watcher
{
    private readonly Channel<LifecycleBatch>? _buffer;
    private volatile bool _isBehind;

    public Watcher(LifecycleFilter filter, IActorRef actor)
    {
        Filter = filter;
        Actor = actor;
    }

    public Watcher(LifecycleFilter filter, int capacity)
    {
        Filter = filter;
        _buffer = Channel.CreateBounded<LifecycleBatch>(new BoundedChannelOptions(capacity) { SingleWriter = true, FullMode = BoundedChannelFullMode.Wait });
    }

    public LifecycleFilter Filter { get; }

    public IActorRef? Actor { get; }

    /// <summary>Completed with the first batch; for the actor's sake.</summary>
    public TaskCompletionSource<bool> Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether all that there was at the beginning is known, so that it has been told.</summary>
    public bool IsLive { get; set; }

    /// <summary>What other nodes are asked for on its behalf.</summary>
    public List<Selector> Uses { get; } = [];

    /// <summary>Whether events were dropped: the rest is, too, until it has read what it had.</summary>
    public bool IsBehind { get => _isBehind; set => _isBehind = value; }

    public void Tell(LifecycleBatch batch)
    {
        if (Actor is not null)
        {
            Actor.Tell(batch, ActorRefs.NoSender);
        }
        else if (!_buffer!.Writer.TryWrite(batch))
        {
            _isBehind = true;
        }
    }

    public async IAsyncEnumerable<LifecycleBatch> ReadAsync(IActorRef hub, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        hub.Tell(new AddWatcher(this), ActorRefs.NoSender);
        try
        {
            while (await _buffer!.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                while (_buffer.Reader.TryRead(out var batch))
                {
                    yield return batch;
                }

                if (_isBehind)
                {
                    hub.Tell(new CatchUp(this), ActorRefs.NoSender);
                }
            }
        }
        finally
        {
            hub.Tell(new RemoveWatcher(this), ActorRefs.NoSender);
        }
    }

    public void Complete() => _buffer?.Writer.TryComplete();
}
