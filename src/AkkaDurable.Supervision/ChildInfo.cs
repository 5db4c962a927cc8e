using Akka.Actor;

namespace AkkaDurable.Supervision;

/// <summary>A child as its supervisor sees it, at one moment.</summary>
/// <param name="Spec">What it was started from.</param>
/// <param name="Status">What it is doing.</param>
/// <param name="Actor">Its actor, when it runs and is one.</param>
/// <param name="Number">The number of its last start within its supervisor; 0: it does not run.</param>
/// <param name="Restarts">How often its supervisor started it again by itself.</param>
public sealed record ChildInfo(ChildSpec Spec, ChildStatus Status, IActorRef? Actor, long Number, int Restarts)
{
    /// <summary>Its id.</summary>
    public string Id => Spec.Id;

    /// <summary>Worker or supervisor.</summary>
    public ChildType Type => Spec.Type;
}
