namespace AkkaDurable;

/// <summary>What happened to a server or to a member of a group.</summary>
public enum LifecycleEventKind
{
    /// <summary>A server runs.</summary>
    Registered = 1,

    /// <summary>A server runs no longer, or not there.</summary>
    Unregistered = 2,

    /// <summary>The metadata of a server or of a member changed.</summary>
    Updated = 3,

    /// <summary>A group has a new member.</summary>
    Joined = 4,

    /// <summary>A group has lost a member.</summary>
    Left = 5,
}
