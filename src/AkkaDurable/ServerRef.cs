using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Placement;

namespace AkkaDurable;

/// <summary>One server, by its identity: the address to call and cast to, wherever it runs. Safe for concurrent use.</summary>
/// <remarks>
/// <para>What is sent from within a handler leaves only when the state it rests on is stored: a cast or a late reply with the state that the handler returns, a call (whose reply the handler may
/// await) with the state that it began with.</para>
/// <para>The returned <see cref="ValueTask{TResult}"/>s are pooled: await each exactly once, or turn it into a task with <c>AsTask()</c>.</para>
/// </remarks>
public readonly struct ServerRef : IEquatable<ServerRef>
{
    private readonly ServerType? _type;
    private readonly string? _key;

    internal ServerRef(ServerType type, string key)
    {
        _type = type;
        _key = key;
    }

    /// <summary>The key.</summary>
    public string Key => _key ?? throw new InvalidOperationException("This ServerRef is the default value. Get one from IDurableServers<TServer>.");

    /// <summary>The name of the server's type.</summary>
    public string ServerType => Type.Name;

    private ServerType Type => _type ?? throw new InvalidOperationException("This ServerRef is the default value. Get one from IDurableServers<TServer>.");

    /// <summary>
    /// Sends a request and waits for its reply. A server that does not run is started. GenServer's <c>call</c>. When the server's node is lost meanwhile, the call is sent again within its time-out, and runs once all
    /// the same if it changes the server's state.
    /// </summary>
    /// <typeparam name="TReply">What the request promises.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="timeout">How long to wait. Default: <see cref="DurableServerOptions.CallTimeout"/>. <see cref="Timeout.InfiniteTimeSpan"/>: for ever.</param>
    /// <param name="cancellationToken">Stops the waiting, not the call: it may still run.</param>
    /// <returns>The reply. With <see cref="SavePolicy.EveryChange"/> all that it rests on is stored by then.</returns>
    /// <exception cref="DurableServerException">The call failed; the exact type says how, its <see cref="DurableServerException.Outcome"/> what is known of its effect.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public ValueTask<TReply> CallAsync<TReply>(ICall<TReply> request, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Type.Gateway.Call<TReply>(Key, request, timeout, null, cancellationToken);
    }

    /// <summary>Sends a request and waits for its reply, with options of its own: for example an id, by which the call runs once however often, and from wherever, it is made.</summary>
    /// <typeparam name="TReply">What the request promises.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="options">How this call is made.</param>
    /// <param name="cancellationToken">Stops the waiting, not the call: it may still run.</param>
    /// <returns>The reply: that of the first run, if a call with the same id ran before.</returns>
    /// <exception cref="ArgumentException"><see cref="CallOptions.Id"/> is empty, too long or has control characters; or the server type remembers no calls.</exception>
    /// <exception cref="DurableServerException">The call failed; the exact type says how, its <see cref="DurableServerException.Outcome"/> what is known of its effect.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public ValueTask<TReply> CallAsync<TReply>(ICall<TReply> request, CallOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(options);
        return Type.Gateway.Call<TReply>(Key, request, options.Timeout, options.Id is { } id ? Type.CheckCallId(id) : null, cancellationToken);
    }

    /// <summary>Sends a message and does not wait. A server that does not run is started. GenServer's <c>cast</c>. Delivered at most once.</summary>
    /// <param name="message">The message.</param>
    /// <exception cref="MessageNotDeclaredException">The message's type is not declared.</exception>
    public void Cast(ICast message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Type.Gateway.Cast(Key, message);
    }

    /// <summary>Starts the server if it does not run, also one that was stopped for good.</summary>
    /// <param name="initialState">The state to begin with if none is stored; saved before the start is reported. Must be of the server's state type.</param>
    /// <param name="timeout">How long to wait. Default: <see cref="DurableServerOptions.CallTimeout"/>.</param>
    /// <param name="cancellationToken">Stops the waiting, not the start.</param>
    /// <returns>Whether it was running, was resumed from its stored state, or created.</returns>
    /// <exception cref="DurableServerException">The server could not be started.</exception>
    public ValueTask<StartOutcome> EnsureStartedAsync(object? initialState = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Type.Gateway.Control<StartOutcome>(Key, ControlVerb.EnsureStarted, initialState, timeout, cancellationToken);

    /// <summary>Starts the server, also one that was stopped for good, and fails if it runs.</summary>
    /// <param name="initialState">The state to begin with if none is stored; saved before the start is reported. Must be of the server's state type.</param>
    /// <param name="timeout">How long to wait. Default: <see cref="DurableServerOptions.CallTimeout"/>.</param>
    /// <param name="cancellationToken">Stops the waiting, not the start.</param>
    /// <returns><see cref="StartOutcome.Created"/> or <see cref="StartOutcome.Resumed"/>.</returns>
    /// <exception cref="ServerAlreadyRunningException">The server runs.</exception>
    /// <exception cref="DurableServerException">The server could not be started.</exception>
    public ValueTask<StartOutcome> StartAsync(object? initialState = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Type.Gateway.Control<StartOutcome>(Key, ControlVerb.Start, initialState, timeout, cancellationToken);

    /// <summary>Stops the server in order: <c>Terminate</c>, final save, <c>AfterTerminate</c>. Messages that wait start it again; a permanent server is started again by itself, within seconds.</summary>
    /// <param name="timeout">How long to wait. Default: <see cref="DurableServerOptions.CallTimeout"/>.</param>
    /// <param name="cancellationToken">Stops the waiting, not the stop.</param>
    /// <returns>Whether it was running.</returns>
    /// <exception cref="SaveFailedException">It stopped, but its final state could not be saved.</exception>
    public ValueTask<bool> StopAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Type.Gateway.Control<bool>(Key, ControlVerb.Stop, null, timeout, cancellationToken);

    /// <summary>Stops the server in order, if it runs, and keeps it stopped: messages get <see cref="ServerStoppedException"/> until somebody starts it. DurableServer's <c>terminate_child_permanent</c>.</summary>
    /// <param name="timeout">How long to wait. Default: <see cref="DurableServerOptions.CallTimeout"/>.</param>
    /// <param name="cancellationToken">Stops the waiting, not the stop.</param>
    /// <returns>Whether there was such a server, running or not.</returns>
    /// <exception cref="SaveFailedException">It stopped, but its final state and status could not be saved.</exception>
    public ValueTask<bool> StopPermanentlyAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Type.Gateway.Control<bool>(Key, ControlVerb.StopPermanently, null, timeout, cancellationToken);

    /// <summary>
    /// Stops the server in order, if it runs, and keeps it from running: messages, starts and the recovery of permanent servers are refused with <see cref="ServerCordonedException"/>, on every node and after every restart,
    /// until <see cref="UncordonAsync"/>. A key without a record gets one. DurableServer's <c>terminate_and_cordon_child</c>.
    /// </summary>
    /// <param name="timeout">How long to wait. Default: <see cref="DurableServerOptions.CallTimeout"/>.</param>
    /// <param name="cancellationToken">Stops the waiting, not the cordon.</param>
    /// <returns><see langword="false"/>: it was cordoned already.</returns>
    /// <exception cref="SaveFailedException">It stopped, but its final state and status could not be saved.</exception>
    public ValueTask<bool> CordonAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Type.Gateway.Control<bool>(Key, ControlVerb.Cordon, null, timeout, cancellationToken);

    /// <summary>Takes the cordon off: the server is stopped, and its next message starts it.</summary>
    /// <param name="timeout">How long to wait. Default: <see cref="DurableServerOptions.CallTimeout"/>.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Whether it was cordoned.</returns>
    public ValueTask<bool> UncordonAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Type.Gateway.Control<bool>(Key, ControlVerb.Uncordon, null, timeout, cancellationToken);

    /// <summary>Stops the server if it runs, and deletes its record, also of a cordoned one. The next message starts a new one with its initial state.</summary>
    /// <param name="timeout">How long to wait. Default: <see cref="DurableServerOptions.CallTimeout"/>.</param>
    /// <param name="cancellationToken">Stops the waiting, not the delete.</param>
    /// <returns>Whether there was a record.</returns>
    /// <exception cref="DurableServerException">The record could not be deleted.</exception>
    public ValueTask<bool> DeleteAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Type.Gateway.Control<bool>(Key, ControlVerb.Delete, null, timeout, cancellationToken);

    /// <summary>What is known of the server. Does not start it.</summary>
    /// <param name="timeout">How long to wait. Default: <see cref="DurableServerOptions.CallTimeout"/>.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>What is known, or <see langword="null"/> when there is no record.</returns>
    public ValueTask<ServerInfo?> InfoAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Type.Gateway.Control<ServerInfo?>(Key, ControlVerb.Info, null, timeout, cancellationToken);

    /// <summary>What is known of the server, with its stored state and the places where its shard was. Does not start it.</summary>
    /// <param name="includeState">Whether the stored state (<see cref="ServerInfo.StoredState"/>; of a server that runs, that of its last save) and the places (<see cref="ServerInfo.Places"/>) are wanted too.</param>
    /// <param name="timeout">How long to wait. Default: <see cref="DurableServerOptions.CallTimeout"/>.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>What is known, or <see langword="null"/> when there is no record.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    public ValueTask<ServerInfo?> InfoAsync(bool includeState, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        includeState ? Type.Directory.WithStateAsync(Key, InfoAsync(timeout, cancellationToken), cancellationToken) : InfoAsync(timeout, cancellationToken);

    /// <summary>Whether the server runs. Does not start it.</summary>
    /// <param name="timeout">How long to wait. Default: <see cref="DurableServerOptions.CallTimeout"/>.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Whether it runs, at the moment it was asked.</returns>
    public ValueTask<bool> IsRunningAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Type.Gateway.Control<bool>(Key, ControlVerb.IsRunning, null, timeout, cancellationToken);

    /// <summary>The shard that the server is in, with its home region before the number if it has one: <c>eu-west~7</c>. By this name <see cref="IPlacementControl"/> knows it.</summary>
    public string Shard => Type.Layout.ShardOf(Key);

    /// <summary>The region that the server belongs to.</summary>
    /// <value><see langword="null"/> when <see cref="DurableServerOptions.HomeRegion"/> gives none.</value>
    public string? HomeRegion => Type.Layout.RegionOf(Key);

    /// <summary>Moves the server's shard, and so all servers in it, to another node. Calls wait meanwhile.</summary>
    /// <param name="targetNode">The node's address, such as <c>akka.tcp://shop@10.0.0.7:8110</c>. Default: the best other node, preferably in the home region.</param>
    /// <param name="cancellationToken">Gives up waiting; the move stays in force.</param>
    /// <returns>What became of it, and why.</returns>
    /// <exception cref="NotSupportedException">There is no cluster, as in a test with a probe.</exception>
    public Task<PlacementCommandResult> RehomeAsync(string? targetNode = null, CancellationToken cancellationToken = default) =>
        Type.Placement.RehomeAsync(Type.Name, Shard, targetNode, cancellationToken);

    /// <summary>Where the server's shard is, would go or waits for, and why.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The decision; <see langword="null"/> if the coordinator of the type did not answer in time.</returns>
    /// <exception cref="NotSupportedException">There is no cluster, as in a test with a probe.</exception>
    public Task<PlacementDecision?> ExplainPlacementAsync(CancellationToken cancellationToken = default) => Type.Placement.ExplainAsync(Type.Name, Shard, cancellationToken);

    /// <summary>Renders <c>type/key</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => _type is null ? "" : $"{_type.Name}/{_key}";

    /// <summary>Whether two references name the same server.</summary>
    /// <param name="other">The other one.</param>
    /// <returns><see langword="true"/> for the same type and key.</returns>
    public bool Equals(ServerRef other) => ReferenceEquals(_type, other._type) && _key == other._key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ServerRef other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_type, _key);

    /// <summary>Whether two references name the same server.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns><see langword="true"/> for the same type and key.</returns>
    public static bool operator ==(ServerRef left, ServerRef right) => left.Equals(right);

    /// <summary>Whether two references name different servers.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns><see langword="true"/> for different servers.</returns>
    public static bool operator !=(ServerRef left, ServerRef right) => !left.Equals(right);
}
