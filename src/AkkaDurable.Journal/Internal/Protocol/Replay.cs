using Akka.Persistence;

namespace AkkaDurable.Journal.Internal.Protocol;

/// <summary>What a journal answered to a request to replay.</summary>
/// <param name="Events">The events.</param>
/// <param name="Highest">The stream's highest sequence number; plugins may say 0 when it is lower than where the replay was to begin.</param>
/// <param name="Failure">Why it failed.</param>
internal sealed record Replay(IReadOnlyList<IPersistentRepresentation> Events, long Highest, Exception? Failure);
