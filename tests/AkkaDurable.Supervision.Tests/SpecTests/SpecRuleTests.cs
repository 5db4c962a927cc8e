using Akka.Actor;
using AkkaDurable.Supervision.Internal.Specs;
using static AkkaDurable.Supervision.Tests.Support.Specs;

namespace AkkaDurable.Supervision.Tests.SpecTests;

public sealed class SpecRuleTests
{
    public static TheoryData<string, string, string> Wrong => new()
    {
        { "empty id", "root/(no id)", "Id" },
        { "blank id", "root/ ", "Id" },
        { "restart", "root/a", "Restart" },
        { "type", "root/a", "Type" },
        { "shutdown", "root/a", "Shutdown" },
        { "significant under never", "root/a", "Significant" },
        { "significant and permanent", "root/a", "Significant" },
        { "first", "root/a", "Backoff.First" },
        { "longest", "root/a", "Backoff.Longest" },
        { "factor", "root/a", "Backoff.Factor" },
        { "factor not a number", "root/a", "Backoff.Factor" },
        { "factor without end", "root/a", "Backoff.Factor" },
        { "jitter", "root/a", "Backoff.Jitter" },
        { "jitter below", "root/a", "Backoff.Jitter" },
        { "stays up", "root/a", "Backoff.StaysUp" },
        { "strategy", "root", "Strategy" },
        { "auto shutdown", "root", "AutoShutdown" },
        { "duplicate", "root", "Children" },
        { "null child", "root", "Children" },
        { "no children", "root", "Children" },
        { "restarts", "root", "Intensity.Restarts" },
        { "period", "root", "Intensity.Period" },
        { "deep", "root/inner/x", "Shutdown" },
        { "max children", "root/d", "MaxChildren" },
        { "dynamic period", "root/d", "Intensity.Period" },
        { "partitions", "root/p", "AutoShutdown" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_spec_is_told_by_path_and_field(string what, string path, string field)
    {
        var problem = SpecRules.Problem(Make(what), AutoShutdown.Never);

        Assert.NotNull(problem);
        Assert.Equal((path, field), (problem.Path, problem.Field));
        Assert.StartsWith($"{path}: {field} ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_right_spec_passes()
    {
        var edge = Child("a", Restart.Transient, significant: true) with
        {
            Shutdown = Shutdown.After(TimeSpan.Zero),
            Backoff = new() { First = TimeSpan.FromTicks(1), Longest = TimeSpan.FromTicks(1), Factor = 1, Jitter = 1, StaysUp = TimeSpan.Zero },
        };

        Assert.Null(SpecRules.Problem(Supervisor.OneForAll("root", [edge, Supervisor.Dynamic("d") with { MaxChildren = 0 }]) with { AutoShutdown = AutoShutdown.AnySignificant, Intensity = new(0, TimeSpan.FromTicks(1)) }, AutoShutdown.Never));
    }

    [Fact]
    public void The_defaults_are_OTPs()
    {
        var worker = Child("a");

        Assert.Equal((Restart.Permanent, ChildType.Worker, false), (worker.Restart, worker.Type, worker.Significant));
        Assert.Equal(Shutdown.After(TimeSpan.FromSeconds(5)), worker.Shutdown);
        Assert.Equal((ChildType.Supervisor, Shutdown.Infinity), (Supervisor.OneForOne("s", []).Type, Supervisor.OneForOne("s", []).Shutdown));
        Assert.Equal(Shutdown.Infinity, (worker with { Type = ChildType.Supervisor }).Shutdown);
        Assert.Equal(AutoShutdown.Never, Supervisor.OneForOne("s", []).AutoShutdown);
    }

    [Fact]
    public async Task A_tree_with_a_wrong_spec_does_not_start()
    {
        using var system = ActorSystem.Create("wrong");

        var problem = await Assert.ThrowsAsync<InvalidChildSpecException>(() => SupervisionTree.StartAsync(system, Make("shutdown")));

        Assert.Equal("root/a: Shutdown must not have a time below zero", problem.Message);
        await system.Terminate();
    }

    [Theory]
    [InlineData(0, 5, 0)]
    [InlineData(12, 5, 2)]
    [InlineData(-12, 5, 2)]
    [InlineData(int.MinValue, 7, 2)]
    public void An_integer_key_goes_to_the_partition_of_its_remainder(int key, int partitions, int expected)
    {
        Assert.Equal(expected, PartitionId.For(key, partitions));
        Assert.Equal(expected, PartitionId.For((long)key, partitions));
    }

    [Fact]
    public void Other_keys_are_spread_the_same_way_in_every_process()
    {
        Assert.Equal([0, 0, 1], new[] { "a", "user-1", "user-2" }.Select(key => PartitionId.For(key, 4)));
        Assert.Equal(4, Enumerable.Range(0, 1000).Select(number => PartitionId.For($"key-{number}", 4)).Distinct().Count());
    }

    [Fact]
    public void A_trees_budget_is_the_sum_of_its_childrens_times()
    {
        var grace = TimeSpan.FromSeconds(1);
        var tree = Supervisor.OneForOne("root", [Child("a"), Child("b") with { Shutdown = Shutdown.BrutalKill }, Supervisor.OneForOne("s", [Child("c") with { Shutdown = Shutdown.After(TimeSpan.FromSeconds(2)) }])]);

        Assert.Equal(TimeSpan.FromSeconds(6 + 1 + 3), ShutdownBudget.Of(tree, grace));
        Assert.Null(ShutdownBudget.Of(Supervisor.OneForOne("root", [Child("a") with { Shutdown = Shutdown.Infinity }]), grace));
        Assert.Null(ShutdownBudget.Of(Supervisor.Dynamic("d"), grace));
    }

    private static SupervisorSpec Make(string what)
    {
        var a = Child("a");
        var root = Supervisor.OneForOne("root", [a]);
        return what switch
        {
            "empty id" => Root(a with { Id = "" }),
            "blank id" => Root(a with { Id = " " }),
            "restart" => Root(a with { Restart = (Restart)7 }),
            "type" => Root(a with { Type = (ChildType)7 }),
            "shutdown" => Root(a with { Shutdown = Shutdown.After(TimeSpan.FromTicks(-1)) }),
            "significant under never" => Root(a with { Significant = true, Restart = Restart.Temporary }),
            "significant and permanent" => root with { AutoShutdown = AutoShutdown.AnySignificant, Children = [a with { Significant = true }] },
            "first" => Root(a with { Backoff = new() { First = TimeSpan.Zero } }),
            "longest" => Root(a with { Backoff = new() { First = TimeSpan.FromSeconds(2), Longest = TimeSpan.FromSeconds(1) } }),
            "factor" => Root(a with { Backoff = new() { Factor = 0.99 } }),
            "factor not a number" => Root(a with { Backoff = new() { Factor = double.NaN } }),
            "factor without end" => Root(a with { Backoff = new() { Factor = double.PositiveInfinity } }),
            "jitter" => Root(a with { Backoff = new() { Jitter = 1.01 } }),
            "jitter below" => Root(a with { Backoff = new() { Jitter = -0.01 } }),
            "stays up" => Root(a with { Backoff = new() { StaysUp = TimeSpan.FromTicks(-1) } }),
            "strategy" => root with { Strategy = (RestartStrategy)7 },
            "auto shutdown" => root with { AutoShutdown = (AutoShutdown)7 },
            "duplicate" => Root(a, Child("b"), a),
            "null child" => Root(a, null!),
            "no children" => root with { Children = default },
            "restarts" => root with { Intensity = new(-1, TimeSpan.FromSeconds(1)) },
            "period" => root with { Intensity = new(1, TimeSpan.Zero) },
            "deep" => Root(a, Supervisor.RestForOne("inner", [Child("x") with { Shutdown = Shutdown.After(TimeSpan.FromTicks(-1)) }])),
            "max children" => Root(Supervisor.Dynamic("d") with { MaxChildren = -1 }),
            "dynamic period" => Root(Supervisor.Dynamic("d") with { Intensity = new(1, TimeSpan.Zero) }),
            "partitions" => Root(Supervisor.Partitioned("p", a, 2) with { AutoShutdown = AutoShutdown.AnySignificant }),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
    }

    private static SupervisorSpec Root(params ChildSpec[] children) => Supervisor.OneForOne("root", children);
}
