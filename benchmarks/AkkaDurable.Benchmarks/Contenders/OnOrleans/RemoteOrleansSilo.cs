using System.Globalization;
using AkkaDurable.Benchmarks.Processes;
using Microsoft.Extensions.Hosting;

namespace AkkaDurable.Benchmarks.Contenders.OnOrleans;

/// <summary>The calling process is a member of the cluster too, a second silo, as the caller is for AkkaDurable and Akka. The grains live in the first one, since they were there before the second one came.</summary>
internal sealed class RemoteOrleansSilo : RemoteContender
{
    public const string SiloName = "Orleans.Silo";

    private readonly IHost _silo;
    private readonly ICounterGrain[] _grains;

    private RemoteOrleansSilo(ChildProcess host, IHost silo, ICounterGrain[] grains)
        : base(SiloName, host)
    {
        _silo = silo;
        _grains = grains;
    }

    /// <summary>In the second process.</summary>
    /// <param name="count">How many grains.</param>
    /// <returns>The port for silos.</returns>
    public static async Task<string> HostAsync(string count)
    {
        var port = OrleansSilo.FreePort();
        var silo = await OrleansSilo.StartAsync(storage: null, siloPort: port);
        foreach (var grain in OrleansSilo.Grains(silo, CounterKeys.First(int.Parse(count, CultureInfo.InvariantCulture)), isStored: false))
        {
            await grain.Get();
        }

        return port.ToString(CultureInfo.InvariantCulture);
    }

    public static async Task<IContender> StartAsync(int count)
    {
        var host = await ChildProcess.StartAsync(ChildRoles.HostOrleansSilo, count.ToString(CultureInfo.InvariantCulture));
        var silo = await OrleansSilo.StartAsync(storage: null, primaryPort: int.Parse(host.Answer, CultureInfo.InvariantCulture));
        return new RemoteOrleansSilo(host, silo, OrleansSilo.Grains(silo, CounterKeys.First(count), isStored: false));
    }

    public override ValueTask<int> IncrementAsync(int counter) => _grains[counter].Increment(1);

    public override ValueTask<int> GetAsync(int counter) => _grains[counter].Get();

    protected override Task StopCallerAsync() => OrleansSilo.StopAsync(_silo);
}
