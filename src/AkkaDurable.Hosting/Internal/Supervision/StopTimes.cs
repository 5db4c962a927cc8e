using System.Globalization;
using Akka.Actor.Setup;
using Akka.Hosting;
using AkkaDurable.Supervision;

namespace AkkaDurable.Hosting.Internal.Supervision;

/// <summary>How long the trees of one builder may take to stop, by phase of coordinated shutdown. They stop one after the other.</summary>
internal sealed class StopTimes : Setup
{
    private readonly Dictionary<string, TimeSpan> _byPhase = [];

    public static TimeSpan WithoutLimit { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that a tree's children may take together.</summary>
    public static TimeSpan Of(ChildSpec tree, SupervisionOptions? options) => tree.ShutdownBudget((options ?? new SupervisionOptions()).KillGrace) ?? WithoutLimit;

    public static void Add(AkkaConfigurationBuilder builder, string phase, TimeSpan time)
    {
        var times = builder.Setups.OfType<StopTimes>().SingleOrDefault();
        if (times is null)
        {
            builder.AddSetup(times = new StopTimes());
        }

        // A second for the messages between the supervisors; never below Akka's own 5 s.
        var sum = times._byPhase[phase] = times._byPhase.GetValueOrDefault(phase, TimeSpan.FromSeconds(1)) + time;
        var milliseconds = Math.Max(5000, sum.TotalMilliseconds).ToString("F0", CultureInfo.InvariantCulture);
        builder.AddHocon($"akka.coordinated-shutdown.phases.{phase}.timeout = {milliseconds}ms", HoconAddMode.Prepend);
    }
}
