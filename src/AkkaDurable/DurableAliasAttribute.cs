namespace AkkaDurable;

/// <summary>
/// The name under which a message type travels between nodes. Without it that is the type's full name, so that renaming or moving the type breaks a rolling update.
/// </summary>
/// <param name="alias">The name, 1 to 200 characters, unique among the message types of a node.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class DurableAliasAttribute(string alias) : Attribute
{
    /// <summary>The name under which the type travels.</summary>
    public string Alias { get; } = alias;
}
