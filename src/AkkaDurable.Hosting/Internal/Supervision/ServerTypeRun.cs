using AkkaDurable.Internal.Runtime;
using AkkaDurable.Supervision;

namespace AkkaDurable.Hosting.Internal.Supervision;

/// <summary>The servers of one type on this node as a child: it runs as long as they may.</summary>
internal sealed class ServerTypeRun : IChildHandle
{
    private readonly TaskCompletionSource<ExitReason> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ServerType _type;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private int _isEnding;

    private ServerTypeRun(ServerType type, TimeSpan patience, TimeProvider time)
    {
        _type = type;
        _patience = patience;
        _time = time;
    }

    public Task<ExitReason> Exited => _exited.Task;

    public Akka.Actor.IActorRef? Actor => null;

    public static ChildStart Start(ServerType type, DurableTypeChildOptions options, TimeProvider time)
    {
        if (type.Shortcuts is null)
        {
            return ChildStart.Failed(ExitReason.Error($"this node runs no servers of the type '{type.Name}', it only calls them (WithDurableServerProxy)"));
        }

        var run = new ServerTypeRun(type, options.StopWithin, time);
        if (!type.Hold.TryOwn(run))
        {
            return ChildStart.Failed(ExitReason.Error($"the server type '{type.Name}' is another child on this node already"));
        }

        // Closed before it is listened to: what was before this start does not end it.
        type.Breaker.Close();
        type.Breaker.Opened += run.OnBreakerOpened;
        type.Hold.Open();
        return ChildStart.Ok(run);
    }

    public void RequestStop()
    {
        if (TryBeginEnd())
        {
            _ = Run();
        }

        async Task Run()
        {
            await _type.Hold.Close().ConfigureAwait(false);
            End(ExitReason.Shutdown);
        }
    }

    /// <summary>What runs goes on stopping; nothing starts.</summary>
    public void Kill()
    {
        if (TryBeginEnd())
        {
            _ = _type.Hold.Close();
        }

        End(ExitReason.Killed);
    }

    // On the thread of a server, which has yet to write its crash down.
    private void OnBreakerOpened()
    {
        if (TryBeginEnd())
        {
            _ = Run();
        }

        async Task Run()
        {
            var reason = $"{_type.Options.BreakerCrashes} crashes of servers of the type '{_type.Name}' on {_type.Node.Address} within {_type.Options.BreakerWindow}";
            try
            {
                await _type.Hold.Close().WaitAsync(_patience, _time).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                reason += $"; {_type.Node.Room.CountOf(_type.Name)} of its servers had not stopped {_patience} later";
            }

            End(ExitReason.Error(reason));
        }
    }

    private bool TryBeginEnd() => Interlocked.Exchange(ref _isEnding, 1) == 0;

    private void End(ExitReason reason)
    {
        _type.Breaker.Opened -= OnBreakerOpened;
        _type.Hold.Disown(this);
        _exited.TrySetResult(reason);
    }
}
