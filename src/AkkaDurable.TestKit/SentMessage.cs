namespace AkkaDurable.TestKit;

/// <summary>A message that the server under test sent to another server, after it had left through the output gate.</summary>
/// <param name="ServerType">The class of the receiving server.</param>
/// <param name="Key">The key of the receiving server.</param>
/// <param name="Message">The message.</param>
/// <param name="IsCall">Whether it was a call; otherwise a cast.</param>
public sealed record SentMessage(Type ServerType, string Key, object Message, bool IsCall);
