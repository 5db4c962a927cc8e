namespace AkkaDurable;

/// <summary>Marks a message that is sent with <see cref="ServerRef.CallAsync{TReply}(ICall{TReply}, TimeSpan?, CancellationToken)"/> and answered with a <typeparamref name="TReply"/>. GenServer's <c>call</c>.</summary>
/// <typeparam name="TReply">What the server replies. The runtime checks each reply against it before anything is saved.</typeparam>
/// <remarks>
/// Write messages as immutable records that System.Text.Json can write and read: between nodes they travel as JSON. A message type takes part when it
/// is declared by the server type; those in the server's own assembly are declared by themselves.
/// </remarks>
public interface ICall<out TReply>;
