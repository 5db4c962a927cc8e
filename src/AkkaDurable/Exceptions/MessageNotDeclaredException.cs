namespace AkkaDurable;

/// <summary>The message's type is not among the message types that the server type declares, so that no node could read it.</summary>
/// <remarks>Messages that implement <see cref="ICall{TReply}"/> or <see cref="ICast"/> in the server's own assembly are declared by themselves; others by <see cref="DurableServerOptions.Messages"/>, or <see cref="DurableGroupOptions.Messages"/>. When the message was for a group, <see cref="DurableServerException.ServerType"/> is empty and <see cref="DurableServerException.Key"/> names the group.</remarks>
public sealed class MessageNotDeclaredException : DurableServerException
{
    internal MessageNotDeclaredException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
