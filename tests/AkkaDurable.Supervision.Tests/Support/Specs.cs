using Akka.Actor;

namespace AkkaDurable.Supervision.Tests.Support;

/// <summary>Short ways to write specs whose actors do not matter.</summary>
internal static class Specs
{
    public static ChildSpec Child(string id, Restart restart = Restart.Permanent, bool significant = false) =>
        ChildSpec.Worker(id, Props.Empty) with { Restart = restart, Significant = significant };

    public static ChildSpec[] Children(params string[] ids) => [.. ids.Select(id => Child(id))];

    public static SupervisorSpec Many(this SupervisorSpec spec) => spec with { Intensity = new(1000, TimeSpan.FromSeconds(5)) };
}
