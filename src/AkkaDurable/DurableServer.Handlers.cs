using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AkkaDurable;

/// <summary>
/// A GenServer that survives its node: one durable process with one global identity (server type + key), a state of type <typeparamref name="TState"/> that is stored, and handlers
/// for the messages that it gets, one at a time.
/// </summary>
/// <typeparam name="TState">
/// The state. An immutable record is best: the runtime then sees at a glance whether a handler changed it. Mutable types work too; they are written as JSON after each handler to find out.
/// </typeparam>
/// <remarks>
/// <para>The runtime makes one instance for each start of a server. Constructor parameters come from the application's services (a scope of its own for each instance that has any).
/// Handlers never run at the same time, and a handler that awaits holds the server until it is done; so fields need no locks, but nothing outside the state survives a restart.</para>
/// <para>The shapes and names follow Erlang/OTP's <c>gen_server</c> and Elixir's <c>GenServer</c>; the stored state follows Elixir's <c>DurableServer</c>.</para>
/// </remarks>
[SuppressMessage("ApiDesign", "RS0022", Justification = "This is the class to derive from.")]
public abstract partial class DurableServer<TState> : DurableServer
    where TState : notnull
{
    private ServerContext? _context;

    /// <summary>The server's surroundings: its key, timers, other servers, time, logger. Not available in the constructor.</summary>
    /// <exception cref="InvalidOperationException">The server was not started by the runtime, or is still being constructed.</exception>
    protected ServerContext Context =>
        _context ?? throw new InvalidOperationException("Context is not available in the constructor of a durable server. Use it from Init on.");

    /// <summary>The state of a server that has none stored, asked for once a start.</summary>
    protected abstract TState InitialState { get; }

    /// <summary>The version of the stored shape of the state. Raise it when the shape changes, and teach <see cref="LoadState"/> the older one.</summary>
    /// <value>The default is 1. It must be at least 1.</value>
    protected virtual int StateVersion => 1;

    /// <summary>Runs once, after the server became the owner of its record and its state was loaded, before any message.</summary>
    /// <param name="state">The stored state, the one given to <see cref="ServerRef.StartAsync"/>, or <see cref="InitialState"/>.</param>
    /// <param name="context">The server's surroundings; also kept in <see cref="Context"/>.</param>
    /// <returns><see cref="Ok"/>, <see cref="Ignore"/> or <see cref="Stop(StopReason, TState)"/>.</returns>
    protected virtual ValueTask<InitResult> Init(TState state, ServerContext context) => Ok(state);

    /// <summary>Handles a call: a message whose sender waits for a reply.</summary>
    /// <param name="request">The message, an <see cref="ICall{TReply}"/>.</param>
    /// <param name="from">The caller, for a reply at a later time: return <see cref="NoReply"/> and use <see cref="From.Reply"/> when it is known.</param>
    /// <param name="state">The state.</param>
    /// <returns><see cref="Reply"/>, <see cref="NoReply"/>, <see cref="Stop(StopReason, object, TState)"/> or <see cref="Unhandled"/>.</returns>
    protected virtual ValueTask<CallResult> HandleCall(object request, From from, TState state) => Unhandled(request);

    /// <summary>Handles a cast: a message whose sender does not wait.</summary>
    /// <param name="message">The message, an <see cref="ICast"/>.</param>
    /// <param name="state">The state.</param>
    /// <returns><see cref="NoReply"/>, <see cref="Stop(StopReason, TState)"/> or <see cref="Unhandled"/>.</returns>
    protected virtual ValueTask<Next> HandleCast(object message, TState state) => Unhandled(message);

    /// <summary>Handles every other message: timers, <see cref="IdleTimeout"/>, and what plain actors tell to <see cref="ServerContext.Self"/>.</summary>
    /// <param name="message">The message.</param>
    /// <param name="state">The state.</param>
    /// <returns><see cref="NoReply"/>, <see cref="Stop(StopReason, TState)"/> or <see cref="Unhandled"/>.</returns>
    protected virtual ValueTask<Next> HandleInfo(object message, TState state) => Unhandled(message);

    /// <summary>Handles the follow-up step that a result asked for with <c>.Continue(step)</c>, before any other message.</summary>
    /// <param name="step">The step.</param>
    /// <param name="state">The state.</param>
    /// <returns><see cref="NoReply"/>, <see cref="Stop(StopReason, TState)"/> or <see cref="Unhandled"/>.</returns>
    protected virtual ValueTask<Next> HandleContinue(object step, TState state) => Unhandled(step);

    /// <summary>Runs after each save that wrote a state, as a handler of its own: other messages may have been handled since. Nobody waits for it.</summary>
    /// <param name="saved">The state that is now stored. Of a mutable type it is the live object, which may have changed since.</param>
    /// <param name="state">The state.</param>
    /// <returns><see cref="NoReply"/> or <see cref="Stop(StopReason, TState)"/>. A changed state is saved in its turn, so change it only for a reason that ends.</returns>
    protected virtual ValueTask<Next> HandleSaved(TState saved, TState state) => NoReply(state);

    /// <summary>Runs when the server stops in order, before the final save. Not run after an error, nor when the process dies.</summary>
    /// <param name="reason">Why the server stops.</param>
    /// <param name="state">The state.</param>
    /// <returns>The state for the final save.</returns>
    protected virtual ValueTask<TState> Terminate(StopReason reason, TState state) => new(state);

    /// <summary>Runs after the final save (or delete) succeeded, as the last thing. What it throws is logged.</summary>
    /// <param name="reason">Why the server stopped.</param>
    /// <param name="state">The state as stored.</param>
    /// <returns>A task that ends when it is done.</returns>
    protected virtual ValueTask AfterTerminate(StopReason reason, TState state) => ValueTask.CompletedTask;

    /// <summary>Says what is stored for a state: the state itself, or another object that is written as JSON in its place. Must depend on nothing but the state.</summary>
    /// <param name="state">The state.</param>
    /// <returns>The object to write.</returns>
    protected virtual object DumpState(TState state) => state;

    /// <summary>
    /// Reads a stored state. Override it to migrate older versions, and leave the rest to the base: it reads a <typeparamref name="TState"/> of the current version and refuses others.
    /// </summary>
    /// <param name="version">The <see cref="StateVersion"/> of the code that saved it; never newer than this code's, such records are refused before.</param>
    /// <param name="json">What was stored.</param>
    /// <returns>The state.</returns>
    /// <exception cref="NotSupportedException">There is no migration from <paramref name="version"/>.</exception>
    [SuppressMessage("Design", "CA1062", Justification = "Called by the runtime.")]
    protected virtual TState LoadState(int version, JsonElement json) =>
        version == StateVersion
            ? json.Deserialize<TState>(JsonOptions) ?? throw new JsonException("The stored state is null.")
            : throw new NotSupportedException($"{GetType().Name} is at StateVersion {StateVersion} and has no migration from version {version}: override LoadState.");

    /// <summary>The JSON settings of the server type, for use in <see cref="LoadState"/> and <see cref="DumpState"/>.</summary>
    protected JsonSerializerOptions JsonOptions { get; private set; } = JsonSerializerOptions.Default;
}
