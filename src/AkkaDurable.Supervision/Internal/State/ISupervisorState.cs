namespace AkkaDurable.Supervision.Internal.State;

/// <summary>The decisions of a supervisor: events in, commands out. Deterministic; knows no clock, no actor, no task.</summary>
internal interface ISupervisorState
{
    /// <summary>Takes an event.</summary>
    /// <param name="happened">What happened.</param>
    /// <param name="now">The time since some fixed moment; never less than before.</param>
    /// <returns>What is to be done, in this order. Valid until the next call.</returns>
    IReadOnlyList<SupervisorCommand> Handle(SupervisorEvent happened, TimeSpan now);

    /// <summary>All children, in start order if they have one.</summary>
    IEnumerable<ChildRecord> Children { get; }

    /// <summary>The number of children.</summary>
    int Count { get; }

    /// <summary>How often children were started again, all together.</summary>
    long Restarts { get; }
}
