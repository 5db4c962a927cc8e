namespace AkkaDurable.Supervision.Internal.State;

/// <summary>What kind of operation.</summary>
internal enum OperationKind
{
    /// <summary>The first start of all children.</summary>
    Begin,

    /// <summary>A restart, of one or several.</summary>
    Restart,

    /// <summary>A child that was asked for.</summary>
    StartChild,

    /// <summary>A restart that was asked for.</summary>
    RestartChild,

    /// <summary>A stop that was asked for.</summary>
    TerminateChild,

    /// <summary>The end: all are stopped.</summary>
    End,
}

/// <summary>Stops of children, one after the other from the last to the first, then starts from the first to the last; one answer is waited for at a time.</summary>
internal sealed class Operation(OperationKind kind)
{
    public OperationKind Kind { get; } = kind;

    /// <summary>The next child to stop; null: no more.</summary>
    public LinkedListNode<ChildRecord>? NextStop { get; set; }

    /// <summary>The last one to stop, which is the first of the group; null: the first of all.</summary>
    public LinkedListNode<ChildRecord>? LastStop { get; init; }

    /// <summary>The next child to start; null: no more.</summary>
    public LinkedListNode<ChildRecord>? NextStart { get; set; }

    /// <summary>Set when the group that restarts with this child is to be started after the stops.</summary>
    public ChildRecord? StartsGroupOf { get; set; }

    /// <summary>Only one child is started, not those after it.</summary>
    public bool StartsOne { get; init; }

    /// <summary>The child whose end caused the restart.</summary>
    public ChildRecord? Origin { get; init; }

    /// <summary>How long that child's restart is put off.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Who is to be answered.</summary>
    public object? Token { get; init; }

    /// <summary>The child whose answer is waited for.</summary>
    public ChildRecord? Waiting { get; set; }

    /// <summary>Whether that answer is an exit.</summary>
    public bool IsStopping { get; set; }

    /// <summary>The supervisor is to end: no more starts.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>Set when a child of the first start failed: why the supervisor does not start.</summary>
    public ExitReason? Failure { get; set; }

    /// <summary>Whether the end is since there were too many restarts.</summary>
    public bool IsEscalated { get; init; }
}
