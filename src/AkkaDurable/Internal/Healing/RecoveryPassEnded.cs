using Akka.Actor;

namespace AkkaDurable.Internal.Healing;

/// <summary>How a pass of the recovery director ended.</summary>
/// <param name="Found">All that run nowhere and should.</param>
/// <param name="Starts">Those that were to be started; a failure, if they did not.</param>
/// <param name="Error">Why the pass could not look through the store.</param>
internal sealed record RecoveryPassEnded(IReadOnlySet<string> Found, IReadOnlyList<(string Key, DurableServerException? Failure)> Starts, Exception? Error) : INoSerializationVerificationNeeded
{
    /// <summary>It was told to end before it was done.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>The nodes that had come up before it.</summary>
    public IReadOnlyList<string> Newcomers { get; init; } = [];
}
