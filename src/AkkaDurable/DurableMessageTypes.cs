using System.Reflection;

namespace AkkaDurable;

/// <summary>
/// The message types that a server type declares. Only declared types are ever read from the network. Those that implement <see cref="ICall{TReply}"/> or <see cref="ICast"/> in the server's own
/// assembly are declared by themselves; this adds others.
/// </summary>
/// <remarks>A type is known to all servers of a node once one declares it. Not safe for concurrent use; part of the options.</remarks>
public sealed class DurableMessageTypes
{
    internal List<(Type Type, string? Alias)> Types { get; } = [];

    internal List<Assembly> Assemblies { get; } = [];

    /// <summary>Declares one message type.</summary>
    /// <typeparam name="TMessage">The type: an <see cref="ICall{TReply}"/> or <see cref="ICast"/>.</typeparam>
    /// <param name="alias">Its name between nodes. Default: its <see cref="DurableAliasAttribute"/>, else its full name.</param>
    /// <returns>The same object.</returns>
    public DurableMessageTypes Add<TMessage>(string? alias = null)
        where TMessage : notnull
    {
        Types.Add((typeof(TMessage), alias));
        return this;
    }

    /// <summary>Declares all message types of the assembly that a type lives in.</summary>
    /// <typeparam name="TMarker">Any type of the assembly.</typeparam>
    /// <returns>The same object.</returns>
    public DurableMessageTypes AddAssemblyOf<TMarker>()
    {
        Assemblies.Add(typeof(TMarker).Assembly);
        return this;
    }
}
