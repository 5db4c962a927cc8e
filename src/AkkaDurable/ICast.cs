namespace AkkaDurable;

/// <summary>Marks a message that is sent with <see cref="ServerRef.Cast"/> and not answered. GenServer's <c>cast</c>.</summary>
/// <remarks>Delivered at most once: a cast to a node that is being lost is lost with it.</remarks>
public interface ICast;
