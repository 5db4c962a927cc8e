namespace AkkaDurable;

/// <summary>Comes in place of messages that a consumer of <see cref="GroupSubscription.Messages"/> was too slow for.</summary>
/// <param name="Count">How many messages were dropped here.</param>
public sealed record MessagesMissed(long Count);
