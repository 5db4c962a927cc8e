using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;

namespace AkkaDurable;

/// <summary>
/// A caller that waits for a reply. A handler that cannot reply yet keeps it in a field, returns <c>NoReply</c> and calls <see cref="Reply"/> when it can. It does not survive a restart:
/// callers that were not answered then get <see cref="ServerRestartedException"/> or <see cref="ServerStoppingException"/>.
/// </summary>
public readonly struct From : IEquatable<From>
{
    private readonly ServerProcess? _process;

    internal From(ServerProcess process, CallEnvelope call, IActorRef sender, object request, int incarnation)
    {
        _process = process;
        Call = call;
        Sender = sender;
        Request = request;
        Incarnation = incarnation;
    }

    internal CallEnvelope Call { get; }

    internal IActorRef Sender { get; }

    internal object Request { get; }

    internal int Incarnation { get; }

    /// <summary>
    /// Answers the caller. The answer leaves when the state is stored that it was computed from: in a handler that is the state the handler returns; elsewhere, for example in a
    /// task that a handler started, the state as the server knows it by then. Safe from any thread.
    /// </summary>
    /// <param name="value">The reply; it must fit the request's <see cref="ICall{TReply}"/>.</param>
    /// <exception cref="InvalidOperationException">The caller was answered before.</exception>
    /// <exception cref="ReplyMismatchException">The reply does not fit the request. The caller can still be answered.</exception>
    public void Reply(object? value)
    {
        var process = _process ?? throw new InvalidOperationException("This From belongs to no call.");
        process.ReplyLate(this, value);
    }

    /// <summary>Whether two values name the same call.</summary>
    /// <param name="other">The other one.</param>
    /// <returns><see langword="true"/> for the same call.</returns>
    public bool Equals(From other) => ReferenceEquals(Call, other.Call);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is From other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Call);

    /// <summary>Whether two values name the same call.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns><see langword="true"/> for the same call.</returns>
    public static bool operator ==(From left, From right) => left.Equals(right);

    /// <summary>Whether two values name different calls.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns><see langword="true"/> for different calls.</returns>
    public static bool operator !=(From left, From right) => !left.Equals(right);
}
