using System.Collections.Concurrent;
using System.Reflection;
using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Storage;
using AkkaDurable.TestKit.Internal;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.TestKit;

/// <summary>One server under test, run by the real runtime: handlers, output gate, saves, restarts, timers. Made by <see cref="ServerProbe"/>.</summary>
/// <typeparam name="TState">The server's state.</typeparam>
/// <remarks>Use it from one test at a time. The server starts with the first message, as in a cluster.</remarks>
public sealed class ServerProbe<TState> : IAsyncDisposable
    where TState : notnull
{
    private readonly ProbeStore _store;
    private readonly DurableNode _node;
    private readonly ServerType _type;
    private readonly ProbeHost _host;
    private readonly ServerRef _server;
    private readonly ConcurrentQueue<SentMessage> _sent = new();

    private readonly Func<ServerProbe<TState>> _another;

    internal DurableNode Node => _node;

    internal ServerProbe(Type serverType, Func<DurableServer> factory, string key, Action<DurableServerOptions>? configure, IStateStore? store)
    {
        KeyRule.Check(key);

        // A server that idles forever is what tests of other things want; whoever tests idling sets it.
        var options = new DurableServerOptions { PassivateAfter = Timeout.InfiniteTimeSpan, RestartDelay = TimeSpan.Zero };
        configure?.Invoke(options);
        store ??= new InMemoryStateStore(Time);
        _store = new ProbeStore(store);
        _another = () => new ServerProbe<TState>(serverType, factory, key, configure, store);
        _node = new DurableNode(Time, services: null, loggers: null, "akka://probe", maxMessageSize: 1024 * 1024) { Store = _store, RepeatsCalls = false };
        _node.ReplyTo = new CallChannelRef(_node.Channel, new RootActorPath(new Address("akka", "probe")) / "temp" / "replies", provider: null);
        _type = new ServerType(_node, "probe", serverType, options, factory);
        typeof(DurableNode).GetMethod(nameof(DurableNode.Add))!.MakeGenericMethod(serverType).Invoke(_node, BindingFlags.DoNotWrapExceptions, null, [_type], null);
        _host = new ProbeHost(_type, key);
        _type.Gateway = new Gateway(_type, new ProbeRef("region", (message, sender) =>
        {
            if (message is ServerEnvelope envelope && envelope.Key == key)
            {
                _host.Self.Tell(message, sender);
            }
            else
            {
                Record(serverType, message);
            }
        }));
        _server = new ServerRef(_type, key);
    }

    /// <summary>The clock. It stands still until <see cref="AdvanceAsync"/>.</summary>
    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch);

    /// <summary>The state in memory.</summary>
    /// <exception cref="InvalidOperationException">The server does not run.</exception>
    public TState State => (TState)(_host.Process.State ?? throw new InvalidOperationException("The server does not run. Send it something, or call StartAsync."));

    /// <summary>Whether the server runs.</summary>
    public bool IsRunning => _host.Process.IsRunning;

    /// <summary>How many saves have written a state.</summary>
    public int Saves => _store.Saves;

    /// <summary>What the server has sent to other servers, in the order in which it left.</summary>
    public IReadOnlyList<SentMessage> Sent => [.. _sent];

    /// <summary>Calls the server.</summary>
    /// <typeparam name="TReply">What the request promises.</typeparam>
    /// <param name="request">The request.</param>
    /// <returns>The reply. Time-outs go by <see cref="Time"/>, so a call that is never answered never ends unless you advance it.</returns>
    public Task<TReply> CallAsync<TReply>(ICall<TReply> request) => _server.CallAsync(request).AsTask();

    /// <summary>Calls the server, with an id of the call's own: to see that it runs once however often it is made.</summary>
    /// <typeparam name="TReply">What the request promises.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="options">How the call is made.</param>
    /// <returns>The reply.</returns>
    public Task<TReply> CallAsync<TReply>(ICall<TReply> request, CallOptions options) => _server.CallAsync(request, options).AsTask();

    /// <summary>Casts to the server, and waits until it was handled.</summary>
    /// <param name="message">The message.</param>
    /// <returns>A task that ends when the message, and what followed from it, was handled.</returns>
    public Task CastAsync(ICast message)
    {
        _server.Cast(message);
        return SettleAsync();
    }

    /// <summary>Gives the server a message for <c>HandleInfo</c>, and waits until it was handled. The server must run.</summary>
    /// <param name="message">The message.</param>
    /// <returns>A task that ends when the message, and what followed from it, was handled.</returns>
    public Task InfoAsync(object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _host.Post(message);
        return SettleAsync();
    }

    /// <summary>Starts the server if it does not run.</summary>
    /// <returns>How it started.</returns>
    public Task<StartOutcome> StartAsync() => _server.EnsureStartedAsync().AsTask();

    /// <summary>Starts the server if it does not run.</summary>
    /// <param name="initialState">The state to begin with if none is stored.</param>
    /// <returns>How it started.</returns>
    public Task<StartOutcome> StartAsync(TState initialState) => _server.EnsureStartedAsync(initialState).AsTask();

    /// <summary>Stops the server in order: <c>Terminate</c>, final save, <c>AfterTerminate</c>.</summary>
    /// <returns>Whether it ran.</returns>
    public async Task<bool> StopAsync()
    {
        var wasRunning = await _server.StopAsync().ConfigureAwait(false);
        await SettleAsync().ConfigureAwait(false);
        return wasRunning;
    }

    /// <summary>Stops the server and deletes its record.</summary>
    /// <returns>Whether there was a record.</returns>
    public async Task<bool> DeleteAsync()
    {
        var existed = await _server.DeleteAsync().ConfigureAwait(false);
        await SettleAsync().ConfigureAwait(false);
        return existed;
    }

    /// <summary>Moves the clock, and waits until what that set off was handled: timers, idling, time-outs.</summary>
    /// <param name="time">How far.</param>
    /// <returns>A task that ends when it was handled.</returns>
    public async Task AdvanceAsync(TimeSpan time)
    {
        await SettleAsync().ConfigureAwait(false);
        Time.Advance(time);
        await SettleAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the server as a kill -9 of its node would: what is not stored is gone, and nobody is told. The next message starts it again from what is stored.</summary>
    /// <returns>A task that ends when it is gone.</returns>
    public Task CrashAsync() => _host.CrashAsync();

    /// <summary>Crashes the server if it runs, and starts it again from what is stored.</summary>
    /// <returns>A task that ends when it runs.</returns>
    public async Task RestartAsync()
    {
        await CrashAsync().ConfigureAwait(false);
        await _server.EnsureStartedAsync().ConfigureAwait(false);
    }

    /// <summary>The identity under which the server's record is stored.</summary>
    public ServerId Id => new(_type.Name, _server.Key);

    /// <summary>The store under the probe, to put records into it as another version of the code, or another node, would have left them.</summary>
    public IStateStore Store => _store;

    /// <summary>A probe of the same server on another node: over the same store, with a clock of its own. Whichever is started last owns the record.</summary>
    /// <returns>The other probe.</returns>
    public ServerProbe<TState> OnAnotherNode() => _another();

    /// <summary>Reads what is stored.</summary>
    /// <returns>The record, or <see langword="null"/> when there is none.</returns>
    public async Task<StoredServer?> ReadStoredAsync() => await _store.ReadAsync(Id).ConfigureAwait(false);

    /// <summary>Keeps all saves from ending until the returned object is disposed of: to see what waits for them.</summary>
    /// <returns>Ends the hold, or lets saves through one by one.</returns>
    public SaveHold HoldSaves()
    {
        _store.Hold();
        return new SaveHold(_store);
    }

    /// <summary>Makes the next save fail, as when the database is out of reach.</summary>
    /// <param name="error">What it throws. Default: a <see cref="StoreUnavailableException"/>.</param>
    public void FailNextSave(Exception? error = null) => _store.FailNext(error ?? new StoreUnavailableException("The probe made the save fail."));

    /// <summary>Stands in for the servers of another type: answers the calls of the server under test. All that is sent is kept in <see cref="Sent"/>, too.</summary>
    /// <typeparam name="TOther">The other server class.</typeparam>
    /// <param name="reply">Makes the reply to a call, from the key and the request. What it throws reaches the caller as <see cref="HandlerFailedException"/>.</param>
    /// <returns>The same probe.</returns>
    public ServerProbe<TState> Stub<TOther>(Func<string, object, object?> reply)
        where TOther : DurableServer
    {
        ArgumentNullException.ThrowIfNull(reply);
        var other = new ServerType(_node, typeof(TOther).Name, typeof(TOther), new DurableServerOptions { PassivateAfter = Timeout.InfiniteTimeSpan });
        other.Gateway = new Gateway(other, new ProbeRef(typeof(TOther).Name, (message, sender) =>
        {
            Record(typeof(TOther), message);
            if (message is CallEnvelope call)
            {
                sender.Tell(Answer(call, reply));
            }
        }));
        _node.Add<TOther>(other);
        return this;
    }

    /// <summary>Waits until everything that was sent to the server, and everything that followed from it, was handled. What a handler awaits is not waited for.</summary>
    /// <returns>A task that ends when nothing waits.</returns>
    public Task SettleAsync() => _host.SettleAsync();

    /// <summary>Ends the server and its timers.</summary>
    /// <returns>A task that ends when it is done.</returns>
    public async ValueTask DisposeAsync()
    {
        _store.Release();
        await CrashAsync().ConfigureAwait(false);
        _node.Dispose();
    }

    /// <summary>The server as others know it: for what is asked of the runtime.</summary>
    internal ServerRef Server => _server;

    /// <summary>What all servers of the type share on the probe's node.</summary>
    internal ServerType Type => _type;

    /// <summary>Sends a call as a node would, with the number it gave it, and waits for the answer to it.</summary>
    internal Task<ReplyEnvelope> SendAsync(object request, CallId id, bool isRepeat, bool isRemote = false)
    {
        var answered = new TaskCompletionSource<ReplyEnvelope>(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Self.Tell(
            new CallEnvelope(_type.Name, _server.Key, id.Sequence, request) { Id = id, IsRepeat = isRepeat },
            new ProbeRef("caller", (reply, _) => answered.TrySetResult((ReplyEnvelope)reply), isLocal: !isRemote));
        return answered.Task;
    }

    private static ReplyEnvelope Answer(CallEnvelope call, Func<string, object, object?> reply)
    {
        try
        {
            return new ReplyEnvelope(call.CorrelationId, reply(call.Key, call.Payload));
        }
        catch (Exception exception)
        {
            return new ReplyEnvelope(call.CorrelationId, null, new CallFailure(FailureKind.HandlerFailed, exception.Message) { Cause = exception });
        }
    }

    private void Record(Type serverType, object message)
    {
        if (message is CallEnvelope call)
        {
            _sent.Enqueue(new SentMessage(serverType, call.Key, call.Payload, IsCall: true));
        }
        else if (message is CastEnvelope cast)
        {
            _sent.Enqueue(new SentMessage(serverType, cast.Key, cast.Payload, IsCall: false));
        }
    }
}
