namespace AkkaDurable;

/// <summary>What is known about a call that failed: whether the change it asked for is part of the server's stored state.</summary>
public enum CallOutcome
{
    /// <summary>The call changed nothing that is stored. Trying again is safe.</summary>
    NotApplied = 0,

    /// <summary>The call ran and what it changed is stored, but its reply could not be handed over.</summary>
    Applied = 1,

    /// <summary>Nobody can say. Trying again may apply the call a second time.</summary>
    Unknown = 2,
}
