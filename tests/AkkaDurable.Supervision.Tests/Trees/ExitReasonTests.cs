using Akka.Actor;
using AkkaDurable.Supervision.Tests.Support;

namespace AkkaDurable.Supervision.Tests.Trees;

public sealed class ExitReasonTests : TreeTest
{
    public static TheoryData<string, bool> Ends => new()
    {
        { "plain stop", false },
        { "stop normal", false },
        { "stop shutdown", false },
        { "stop with a word", false },
        { "poison pill", false },
        { "stop error", true },
        { "throw", true },
        { "kill", true },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task An_actors_end_is_normal_or_abnormal_by_how_it_ends(string how, bool isAbnormal)
    {
        var tree = await StartAsync(Supervisor.OneForOne("root", [Child("a", Restart.Transient), Child("b")]), "start a", "start b");
        var a = tree.Child("a")!;
        Probe.Tell(tree.Child("b"), context => context.Monitor(a));
        await tree.Child("b")!.Ask<string>("ping");

        End(a, how);

        await Log.ExpectAsync("stop a");
        await Log.ExpectAnyOrderAsync(isAbnormal ? ["start a", $"b down {Reason(how)}"] : [$"b down {Reason(how)}"]);
    }

    [Fact]
    public void Reasons_say_what_they_are()
    {
        Assert.Equal("error: no price", ExitReason.Error("no price").ToString());
        Assert.Equal("error: InvalidOperationException: no price", ExitReason.Error(new InvalidOperationException("no price")).ToString());
        Assert.Equal("shutdown: done", ExitReason.ShutdownBecause("done").ToString());
        Assert.Equal(["normal", "shutdown", "killed", "not running"], new[] { ExitReason.Normal, ExitReason.Shutdown, ExitReason.Killed, ExitReason.NotRunning }.Select(reason => reason.ToString()));
        Assert.Equal([false, false, false, true, true, true], new[] { ExitReason.Normal, ExitReason.Shutdown, ExitReason.ShutdownBecause("x"), ExitReason.Error("x"), ExitReason.Killed, ExitReason.NotRunning }.Select(reason => reason.IsAbnormal));
    }

    [Fact]
    public async Task The_first_reason_stays()
    {
        var tree = await StartAsync(Supervisor.OneForOne("root", [Child("a", Restart.Temporary), Child("b")]), "start a", "start b");
        var a = tree.Child("a")!;
        Probe.Tell(tree.Child("b"), context => context.Monitor(a));
        await tree.Child("b")!.Ask<string>("ping");

        Probe.Tell(a, context =>
        {
            context.Stop(ExitReason.Error("first"));
            context.Stop(ExitReason.Error("second"));
        });

        await Log.ExpectAsync("stop a", "b down error: first");
    }

    private static string Reason(string how) => how switch
    {
        "stop shutdown" => "shutdown",
        "stop with a word" => "shutdown: done",
        "stop error" => "error: no price",
        "throw" => "error: InvalidOperationException: crash",
        "kill" => "killed",
        _ => "normal",
    };

    private static void End(IActorRef actor, string how)
    {
        switch (how)
        {
            case "poison pill":
                actor.Tell(PoisonPill.Instance);
                break;
            case "kill":
                actor.Tell(Kill.Instance);
                break;
            case "throw":
                Probe.Crash(actor);
                break;
            case "plain stop":
                Probe.Tell(actor, context => context.Stop(context.Self));
                break;
            default:
                Probe.Tell(actor, context => context.Stop(how switch
                {
                    "stop normal" => ExitReason.Normal,
                    "stop shutdown" => ExitReason.Shutdown,
                    "stop with a word" => ExitReason.ShutdownBecause("done"),
                    _ => ExitReason.Error("no price"),
                }));
                break;
        }
    }
}
