using AkkaDurable.Placement.Internal.Reports;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Placement.Tests.Reports;

public sealed class ReportTests
{
    [Theory]
    [InlineData("200000 100000", 2.0)]
    [InlineData("50000 100000", 0.5)]
    [InlineData("max 100000", null)]
    [InlineData("garbage", null)]
    public void The_second_version_tells_processors(string text, double? processors) =>
        Assert.Equal(processors, Group(("/sys/fs/cgroup/cpu.max", text)).Processors());

    [Theory]
    [InlineData("150000", "100000", 1.5)]
    [InlineData("-1", "100000", null)]
    public void The_first_version_tells_processors(string quota, string period, double? processors) =>
        Assert.Equal(processors, Group(("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", quota), ("/sys/fs/cgroup/cpu/cpu.cfs_period_us", period)).Processors());

    [Fact]
    public void Memory_is_the_containers_without_what_the_kernel_would_give_back() =>
        Assert.Equal(40, Group(
            ("/proc/meminfo", "MemTotal: 16000 kB\nMemAvailable: 1600 kB"), ("/sys/fs/cgroup/memory.max", "1000\n"), ("/sys/fs/cgroup/memory.current", "600\n"), ("/sys/fs/cgroup/memory.stat", "anon 1\ninactive_file 200\n")).MemoryPercent());

    [Fact]
    public void Memory_of_the_first_version() =>
        Assert.Equal(50, Group(
            ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "1000"), ("/sys/fs/cgroup/memory/memory.usage_in_bytes", "600"), ("/sys/fs/cgroup/memory/memory.stat", "total_inactive_file 100")).MemoryPercent());

    [Theory]
    [InlineData("/sys/fs/cgroup/memory.max", "max")]
    [InlineData("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712")]
    public void Without_a_limit_memory_is_the_machines(string path, string limit) =>
        Assert.Equal(90, Group((path, limit), ("/proc/meminfo", "MemTotal:       16000 kB\nMemAvailable:   1600 kB\n")).MemoryPercent());

    [Fact]
    public void This_machine_can_be_measured()
    {
        var machine = new Machine(null);
        Assert.True(machine.Processors > 0);
        Assert.InRange(machine.MemoryPercent!.Value, 0.001, 100);
        Assert.InRange(machine.DiskPercent!.Value, 0, 100);
        Assert.Null(new Machine("/no/such/disk").DiskPercent);
    }

    [Fact]
    public void One_busy_moment_is_smoothed_and_counts_are_exact()
    {
        var time = new FakeTimeProvider();
        var machine = new FakeMachine();
        var servers = 1;
        var sampler = new NodeSampler(new PlacementSetup { Time = time, CountServers = () => new Dictionary<string, int> { ["a"] = servers, ["b"] = 2 } }, machine);
        Step(idle: true);
        Assert.Equal(0, sampler.Measure().CpuPercent);
        servers = 5;
        var busy = Step(idle: false);
        Assert.InRange(busy.CpuPercent!.Value, 15, 40);
        Assert.Equal((7, 5), (busy.Servers, busy.ServersByType["a"]));
        for (var i = 0; i < 20; i++)
        {
            busy = Step(idle: false);
        }

        Assert.InRange(busy.CpuPercent!.Value, 99, 100);

        NodeReport Step(bool idle)
        {
            time.Advance(TimeSpan.FromSeconds(3));
            machine.ProcessorTime += idle ? TimeSpan.Zero : TimeSpan.FromSeconds(6);
            return sampler.Measure();
        }
    }

    private static ControlGroup Group(params (string Path, string Text)[] files) => new(path => files.FirstOrDefault(file => file.Path == path).Text);

    private sealed class FakeMachine : IMachine
    {
        public double Processors => 2;

        public TimeSpan ProcessorTime { get; set; }

        public double? MemoryPercent => 10;

        public double? DiskPercent => null;
    }
}
