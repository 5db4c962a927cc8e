using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ChangeStats.Cluster;

/// <summary>The nodes of one run. Disposing stops them all.</summary>
internal sealed class NodeGroup : IAsyncDisposable
{
    private readonly NodeProcess[] _nodes;

    private NodeGroup(NodeProcess[] nodes) => _nodes = nodes;

    public int Count => _nodes.Length;

    public IReadOnlyList<int> Ports => [.. _nodes.Select(node => node.Port)];

    public string LogFolder => Path.GetDirectoryName(_nodes[0].LogFile)!;

    /// <summary>A node by its number, which begins at 1.</summary>
    public NodeProcess this[int number] => _nodes[number - 1];

    /// <summary>Starts nodes on free ports of loopback; each is this program unless another is given.</summary>
    public static NodeGroup Start(int count, DatabaseAddress database, string logFolder, Func<string[], ProcessStartInfo>? program = null)
    {
        var ports = FreePorts(count);
        var nodes = new NodeGroup([.. ports.Select((port, i) =>
            new NodeProcess($"node {i + 1}", new NodeOptions(port, ports, database, UntilInputEnds: true), Path.Combine(logFolder, $"node-{i + 1}.log"), program ?? ThisProgram.With))]);
        foreach (var node in nodes._nodes)
        {
            node.Start();
        }

        return nodes;
    }

    /// <summary>Ends when a node ends without having been told to; its result says which and how.</summary>
    public async Task<string> AnyDiedByItselfAsync() => await await Task.WhenAny(_nodes.Select(node => node.DiedByItself));

    public async ValueTask DisposeAsync() => await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));

    // All are held until all are found, so that none comes twice.
    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
        {
            listener.Start();
        }

        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }
}
