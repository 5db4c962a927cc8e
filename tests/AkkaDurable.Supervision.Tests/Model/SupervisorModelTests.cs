using AkkaDurable.Supervision.Tests.Support;
using CsCheck;

namespace AkkaDurable.Supervision.Tests.Model;

public sealed class SupervisorModelTests
{
    private static readonly string[] Ids = ["a", "b", "c", "d", "e"];
    private static readonly string[] Verbs = ["start", "restart", "terminate", "delete"];

    private static readonly ExitReason[] Reasons =
    [
        ExitReason.Normal,
        ExitReason.Shutdown,
        ExitReason.ShutdownBecause("done"),
        ExitReason.Error("crash"),
        ExitReason.Killed,
    ];

    // A step: what (0-5 exit, 6-8 request, 9 time, 10 stop), to which child, and a number for the rest.
    private static readonly Gen<(int What, int Child, int Detail)> Step = Gen.Select(Gen.Int[0, 10], Gen.Int[0, 4], Gen.Int[0, 999]);

    private static readonly Gen<Script> Scripts = Gen.Select(
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 4], Gen.Int[0, 2], Gen.Select(Gen.Int[0, 2], Gen.Bool).Array[1, 5]),
        Step.Array[0, 14],
        Gen.Frequency((5, Gen.Const(Outcome.Ok)), (1, Gen.Const(Outcome.Ignore)), (2, Gen.Const(Outcome.Fail))).Array[40],
        Gen.Frequency((4, Gen.Const((-1, 0, 0))), (1, Step)).Array[40],
        (shape, steps, outcomes, interruptions) => new Script(Spec(shape.Item1, shape.Item2, shape.Item3, shape.Item4), steps, outcomes, interruptions));

    /// <summary>The same script for both: exits, requests and time, also in the middle of starts and stops. They must do the same in the same order, and end up the same.</summary>
    [Fact]
    public void A_supervisor_does_what_the_naive_one_does() => Scripts.Sample(
        script =>
        {
            var (real, expected) = (RunReal(script), RunReference(script));
            return real == expected;
        },
        iter: Environment.GetEnvironmentVariable("AKKADURABLE_SLOW") == "1" ? 2_000_000 : 100_000,
        print: script => $"{script}\nreal:     {RunReal(script)}\nexpected: {RunReference(script)}");

    [Fact]
    public void The_scripts_reach_what_matters()
    {
        var seen = new Dictionary<string, int>();
        Scripts.Sample(
            script =>
            {
                var trace = RunReference(script);
                lock (seen)
                {
                    Count("restart", trace.Split("start a").Length > 2);
                    Count("stop", trace.Contains("stop", StringComparison.Ordinal));
                    Count("failed start", trace.Contains("failed", StringComparison.Ordinal));
                    Count("end", trace.Contains("end", StringComparison.Ordinal));
                    Count("restarting", trace.Contains("Restarting", StringComparison.Ordinal));
                    Count("already present", trace.Contains("AlreadyPresent", StringComparison.Ordinal));
                }

                void Count(string what, bool isSeen) => seen[what] = seen.GetValueOrDefault(what) + (isSeen ? 1 : 0);
            },
            iter: 30_000);

        Assert.All(seen, entry => Assert.True(entry.Value > 5, $"{entry.Key} in {entry.Value} of 30,000 scripts"));
    }

    private static SupervisorSpec Spec(int strategy, int restarts, int autoShutdown, (int Restart, bool Significant)[] children)
    {
        var auto = (AutoShutdown)autoShutdown;
        return new(
            "root",
            (RestartStrategy)strategy,
            children.Select((child, index) => Specs.Child(Ids[index], (Restart)child.Restart, child.Significant && auto != AutoShutdown.Never && child.Restart != 0)))
        {
            Intensity = new(restarts, TimeSpan.FromMilliseconds(1000)),
            AutoShutdown = auto,
        };
    }

    private static string RunReal(Script script)
    {
        var simulation = new Simulation(script.Spec);
        var (yields, starts) = (0, 0);
        simulation.Outcome = _ => script.Outcomes[starts++ % script.Outcomes.Length];
        simulation.Before = id => Apply(script.Interruptions[yields++ % script.Interruptions.Length], id);
        simulation.Begin();
        foreach (var step in script.Steps)
        {
            Apply(step, "");
        }

        return string.Join("; ", simulation.Trace.Select(Plain).Append(simulation.IsOver ? "" : string.Join(",", simulation.Children.Select(child => $"{child.Spec.Id} {child.Status}"))));

        void Apply((int What, int Child, int Detail) step, string busyWith)
        {
            var id = Ids[step.Child];
            switch (step.What)
            {
                // The one that is being started or stopped is not touched: its end is the answer.
                case >= 0 and <= 5 when id != busyWith && simulation.IsRunning(id):
                    simulation.Exit(id, Reasons[step.Detail % Reasons.Length]);
                    break;
                case >= 6 and <= 8:
                    simulation.Request(Verbs[step.Detail % 4], id, (Restart)(step.Detail % 3));
                    break;
                case 9:
                    simulation.Advance(step.Detail);
                    break;
                case 10 when busyWith.Length == 0 && !simulation.IsOver:
                    simulation.Stop();
                    break;
            }
        }
    }

    private static string RunReference(Script script)
    {
        var trace = new List<string>();
        var (yields, starts) = (0, 0);
        ReferenceSupervisor reference = null!;
        reference = new ReferenceSupervisor(
            script.Spec,
            id =>
            {
                Apply(script.Interruptions[yields++ % script.Interruptions.Length], id);
                return script.Outcomes[starts++ % script.Outcomes.Length];
            },
            id => Apply(script.Interruptions[yields++ % script.Interruptions.Length], id),
            trace);
        reference.Begin();
        foreach (var step in script.Steps)
        {
            Apply(step, "");
            if (!reference.IsOver)
            {
                reference.Work();
            }
        }

        return string.Join("; ", trace.Select(Plain).Append(reference.IsOver ? "" : string.Join(",", reference.Children.Select(child => $"{child.Id} {child.Status}"))));

        void Apply((int What, int Child, int Detail) step, string busyWith)
        {
            var id = Ids[step.Child];
            switch (step.What)
            {
                case >= 0 and <= 5 when id != busyWith:
                    reference.Exit(id, Reasons[step.Detail % Reasons.Length]);
                    break;
                case >= 6 and <= 8:
                    reference.Request(Verbs[step.Detail % 4], id, Specs.Child(id, (Restart)(step.Detail % 3)));
                    break;
                case 9:
                    reference.Now += step.Detail;
                    break;
                case 10 when busyWith.Length == 0 && !reference.IsOver:
                    reference.Stop();
                    break;
            }
        }
    }

    private static string Plain(string entry) => entry.Split(' ')[0] switch
    {
        "failed" => "failed",
        "end" => "end",
        _ => entry,
    };

    private sealed record Script(SupervisorSpec Spec, (int What, int Child, int Detail)[] Steps, Outcome[] Outcomes, (int What, int Child, int Detail)[] Interruptions)
    {
        public override string ToString() =>
            $"{Spec.Strategy} {Spec.Intensity} {Spec.AutoShutdown} [{string.Join(", ", Spec.Children.Select(child => $"{child.Id} {child.Restart}{(child.Significant ? " significant" : "")}"))}] "
            + $"steps {string.Join(" ", Steps)} outcomes {string.Join(" ", Outcomes)} interruptions {string.Join(" ", Interruptions)}";
    }
}
