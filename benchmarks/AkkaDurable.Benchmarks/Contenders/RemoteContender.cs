using AkkaDurable.Benchmarks.Processes;

namespace AkkaDurable.Benchmarks.Contenders;

/// <summary>Counters in memory in a second process, called from this one.</summary>
/// <param name="name">Its name.</param>
/// <param name="host">The second process.</param>
internal abstract class RemoteContender(string name, ChildProcess host) : IContender
{
    public string Name => name;

    public abstract ValueTask<int> IncrementAsync(int counter);

    public abstract ValueTask<int> GetAsync(int counter);

    public TimeSpan HostCpu => host.Cpu;

    public Task RestartAsync() => throw new NotSupportedException("The counters are in memory only.");

    public async ValueTask DisposeAsync()
    {
        await StopCallerAsync();
        await host.DisposeAsync();
    }

    protected abstract Task StopCallerAsync();
}
