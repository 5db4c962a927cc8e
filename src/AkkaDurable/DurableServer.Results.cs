using System.Diagnostics.CodeAnalysis;
using AkkaDurable.Internal.Runtime;

namespace AkkaDurable;

[SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "The results belong to the server's state type.")]
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "They read as verbs of the handler.")]
public abstract partial class DurableServer<TState>
{
    /// <summary>Result: answers the caller, and goes on with a state.</summary>
    /// <param name="value">The reply; it must fit the request's <see cref="ICall{TReply}"/>.</param>
    /// <param name="state">The new state, or the same one when nothing changed.</param>
    /// <returns>The result of a <see cref="HandleCall"/>.</returns>
    protected static CallResult Reply(object? value, TState state) => new(new HandlerResult(ResultKind.Reply, state, value));

    /// <summary>Result: goes on with a state, without a reply. A caller can be answered later with <see cref="From.Reply"/>.</summary>
    /// <param name="state">The new state, or the same one when nothing changed.</param>
    /// <returns>The result of any handler.</returns>
    protected static Next NoReply(TState state) => new(new HandlerResult(ResultKind.NoReply, state));

    /// <summary>Result: stops the server.</summary>
    /// <param name="reason">Why; it decides what is stored.</param>
    /// <param name="state">The last state; <see cref="Terminate"/> gets it.</param>
    /// <returns>The result of any handler.</returns>
    protected static Next Stop(StopReason reason, TState state)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return new(new HandlerResult(ResultKind.Stop, state).With(reason));
    }

    /// <summary>Result: answers the caller, once the last state is stored, and stops the server.</summary>
    /// <param name="reason">Why; it decides what is stored.</param>
    /// <param name="value">The reply; it must fit the request's <see cref="ICall{TReply}"/>.</param>
    /// <param name="state">The last state; <see cref="Terminate"/> gets it.</param>
    /// <returns>The result of a <see cref="HandleCall"/>.</returns>
    protected static CallResult Stop(StopReason reason, object? value, TState state)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return new(new HandlerResult(ResultKind.StopWithReply, state, value).With(reason));
    }

    /// <summary>Result: this server does not know the message. A caller gets <see cref="UnknownMessageException"/>; for other messages a warning is logged. The state stays as it was.</summary>
    /// <param name="message">The message.</param>
    /// <returns>The result of any handler.</returns>
    protected static Next Unhandled(object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new(new HandlerResult(ResultKind.Unhandled, state: null));
    }

    /// <summary>Result of <see cref="Init"/>: run.</summary>
    /// <param name="state">The state to begin with; saved when it is not the one that <see cref="Init"/> got.</param>
    /// <returns>The result.</returns>
    protected static InitResult Ok(TState state) => new(new HandlerResult(ResultKind.NoReply, state));

    /// <summary>Result of <see cref="Init"/>: do not run. Callers get <see cref="ServerIgnoredException"/>, and the record is marked as stopped; the next message asks again.</summary>
    /// <returns>The result.</returns>
    protected static InitResult Ignore() => new(new HandlerResult(ResultKind.Ignore, state: null));

    /// <summary>The result of <see cref="HandleCall"/>. A <see cref="Next"/> converts to it. Modifiers return a changed copy.</summary>
    public readonly struct CallResult
    {
        internal CallResult(HandlerResult inner) => Inner = inner;

        internal HandlerResult Inner { get; }

        /// <summary>Saves before this result's reply and messages leave, whatever the <see cref="SavePolicy"/>.</summary>
        /// <returns>The result with a save.</returns>
        public CallResult Save() => new(Inner.WithSave());

        /// <summary>Has <see cref="HandleContinue"/> handle a step next, before any other message. The reply does not wait for it.</summary>
        /// <param name="step">The step.</param>
        /// <returns>The result with a follow-up.</returns>
        public CallResult Continue(object step) => new(Inner.WithContinue(step));

        /// <summary>Has <see cref="HandleInfo"/> get <see cref="IdleTimeout"/> when no message comes for this long.</summary>
        /// <param name="time">How long; more than zero.</param>
        /// <returns>The result with a time-out.</returns>
        public CallResult IdleAfter(TimeSpan time) => new(Inner.WithIdleAfter(time));

        /// <summary>Sets what <see cref="ServerInfo.Meta"/> and lifecycle events show of this server while it runs, once the state of this result is stored.</summary>
        /// <param name="meta">The names and values, at most 64 and 8 KiB; copied.</param>
        /// <returns>The result with the new meta data.</returns>
        /// <exception cref="InvalidMetadataException">They are too many or too large.</exception>
        public CallResult Meta(IReadOnlyDictionary<string, string> meta) => new(Inner.WithMeta(meta));

        /// <summary>Lets a handler that does not await return the result as it is.</summary>
        /// <param name="result">The result.</param>
        [SuppressMessage("Usage", "CA2225", Justification = "ValueTask.FromResult serves languages without conversions.")]
        public static implicit operator ValueTask<CallResult>(CallResult result) => new(result);
    }

    /// <summary>The result of the handlers of messages without a caller. Replying is not among them. Modifiers return a changed copy.</summary>
    public readonly struct Next
    {
        internal Next(HandlerResult inner) => Inner = inner;

        internal HandlerResult Inner { get; }

        /// <summary>Saves before this result's messages leave, whatever the <see cref="SavePolicy"/>.</summary>
        /// <returns>The result with a save.</returns>
        public Next Save() => new(Inner.WithSave());

        /// <summary>Has <see cref="HandleContinue"/> handle a step next, before any other message.</summary>
        /// <param name="step">The step.</param>
        /// <returns>The result with a follow-up.</returns>
        public Next Continue(object step) => new(Inner.WithContinue(step));

        /// <summary>Has <see cref="HandleInfo"/> get <see cref="IdleTimeout"/> when no message comes for this long.</summary>
        /// <param name="time">How long; more than zero.</param>
        /// <returns>The result with a time-out.</returns>
        public Next IdleAfter(TimeSpan time) => new(Inner.WithIdleAfter(time));

        /// <summary>Sets what <see cref="ServerInfo.Meta"/> and lifecycle events show of this server while it runs, once the state of this result is stored.</summary>
        /// <param name="meta">The names and values, at most 64 and 8 KiB; copied.</param>
        /// <returns>The result with the new meta data.</returns>
        /// <exception cref="InvalidMetadataException">They are too many or too large.</exception>
        public Next Meta(IReadOnlyDictionary<string, string> meta) => new(Inner.WithMeta(meta));

        /// <summary>Lets <see cref="HandleCall"/> return it too.</summary>
        /// <param name="next">The result.</param>
        [SuppressMessage("Usage", "CA2225", Justification = "The factory methods serve languages without conversions.")]
        public static implicit operator CallResult(Next next) => new(next.Inner);

        /// <summary>Lets <see cref="Init"/> return a stop.</summary>
        /// <param name="next">The result.</param>
        [SuppressMessage("Usage", "CA2225", Justification = "The factory methods serve languages without conversions.")]
        public static implicit operator InitResult(Next next) => new(next.Inner);

        /// <summary>Lets a handler that does not await return the result as it is.</summary>
        /// <param name="next">The result.</param>
        [SuppressMessage("Usage", "CA2225", Justification = "ValueTask.FromResult serves languages without conversions.")]
        public static implicit operator ValueTask<Next>(Next next) => new(next);

        /// <summary>Lets a <see cref="HandleCall"/> that does not await return the result as it is.</summary>
        /// <param name="next">The result.</param>
        [SuppressMessage("Usage", "CA2225", Justification = "ValueTask.FromResult serves languages without conversions.")]
        public static implicit operator ValueTask<CallResult>(Next next) => new(new CallResult(next.Inner));

        /// <summary>Lets an <see cref="Init"/> that does not await return the result as it is.</summary>
        /// <param name="next">The result.</param>
        [SuppressMessage("Usage", "CA2225", Justification = "ValueTask.FromResult serves languages without conversions.")]
        public static implicit operator ValueTask<InitResult>(Next next) => new(new InitResult(next.Inner));
    }

    /// <summary>The result of <see cref="Init"/>. Modifiers return a changed copy.</summary>
    public readonly struct InitResult
    {
        internal InitResult(HandlerResult inner) => Inner = inner;

        internal HandlerResult Inner { get; }

        /// <summary>Saves the state that <see cref="Init"/> returned before the start is reported, whatever the <see cref="SavePolicy"/>.</summary>
        /// <returns>The result with a save.</returns>
        public InitResult Save() => new(Inner.WithSave());

        /// <summary>Has <see cref="HandleContinue"/> handle a step first, before any message.</summary>
        /// <param name="step">The step.</param>
        /// <returns>The result with a follow-up.</returns>
        public InitResult Continue(object step) => new(Inner.WithContinue(step));

        /// <summary>Has <see cref="HandleInfo"/> get <see cref="IdleTimeout"/> when no message comes for this long.</summary>
        /// <param name="time">How long; more than zero.</param>
        /// <returns>The result with a time-out.</returns>
        public InitResult IdleAfter(TimeSpan time) => new(Inner.WithIdleAfter(time));

        /// <summary>Sets what <see cref="ServerInfo.Meta"/> and lifecycle events show of this server while it runs, once the state of this result is stored.</summary>
        /// <param name="meta">The names and values, at most 64 and 8 KiB; copied.</param>
        /// <returns>The result with the meta data.</returns>
        /// <exception cref="InvalidMetadataException">They are too many or too large.</exception>
        public InitResult Meta(IReadOnlyDictionary<string, string> meta) => new(Inner.WithMeta(meta));

        /// <summary>Says for this server, whatever <see cref="DurableServerOptions.Permanent"/> says for its type, whether it is to run always. Stored before the start is reported.</summary>
        /// <param name="isPermanent">Whether it is.</param>
        /// <returns>The result with the server's permanence.</returns>
        public InitResult Permanent(bool isPermanent = true) => new(Inner.WithPermanent(isPermanent));

        /// <summary>Lets an <see cref="Init"/> that does not await return the result as it is.</summary>
        /// <param name="result">The result.</param>
        [SuppressMessage("Usage", "CA2225", Justification = "ValueTask.FromResult serves languages without conversions.")]
        public static implicit operator ValueTask<InitResult>(InitResult result) => new(result);
    }
}
