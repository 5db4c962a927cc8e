using Akka.Actor;

namespace AkkaDurable.Supervision.Internal.Runtime;

/// <summary>What can be asked of a supervisor, from its own thread.</summary>
internal interface ISupervisorView
{
    ChildSpec Spec { get; }

    IEnumerable<ChildInfo> Children { get; }

    ChildCounts Counts { get; }

    /// <summary>The run of a child's actor; 0: none.</summary>
    long RunOf(IActorRef actor);

    /// <summary>The cell of a child that is a supervisor.</summary>
    SupervisorCell? CellOf(long run);
}
