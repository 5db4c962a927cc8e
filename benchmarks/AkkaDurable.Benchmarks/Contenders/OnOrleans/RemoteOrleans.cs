using System.Globalization;
using AkkaDurable.Benchmarks.Processes;
using Microsoft.Extensions.Hosting;

namespace AkkaDurable.Benchmarks.Contenders.OnOrleans;

/// <summary>Grains in a silo in another process, called by a client: Orleans' usual way, and one hop, since there is one silo.</summary>
internal sealed class RemoteOrleans : RemoteContender
{
    private readonly IHost _client;
    private readonly ICounterGrain[] _grains;

    private RemoteOrleans(ChildProcess host, IHost client, int count)
        : base(OrleansCounters.DefaultName, host)
    {
        _client = client;
        _grains = OrleansSilo.Grains(client, CounterKeys.First(count), isStored: false);
    }

    /// <summary>In the second process.</summary>
    /// <returns>The port for clients.</returns>
    public static async Task<string> HostAsync()
    {
        var port = OrleansSilo.FreePort();
        await OrleansSilo.StartAsync(storage: null, port);
        return port.ToString(CultureInfo.InvariantCulture);
    }

    public static async Task<IContender> StartAsync(int count)
    {
        var host = await ChildProcess.StartAsync(ChildRoles.HostOrleans);
        return new RemoteOrleans(host, await OrleansSilo.ConnectAsync(int.Parse(host.Answer, CultureInfo.InvariantCulture)), count);
    }

    public override ValueTask<int> IncrementAsync(int counter) => _grains[counter].Increment(1);

    public override ValueTask<int> GetAsync(int counter) => _grains[counter].Get();

    protected override Task StopCallerAsync() => OrleansSilo.StopAsync(_client);
}
