using System.Net;
using System.Net.Sockets;

namespace ChatRooms.Demo;

/// <summary>The verb <c>demo</c>: three nodes in processes of their own, and two visitors of each.</summary>
internal static class DemoProgram
{
    private const int Nodes = 3;

    /// <returns>Whether everything was as it should be.</returns>
    public static async Task<bool> RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("chat-rooms-");
        var ports = FreePorts(2 * Nodes);
        var nodes = Enumerable.Range(0, Nodes)
            .Select(i => new NodeProcess($"node {i + 1}", new NodeOptions(ports[i], ports[Nodes + i], ports[Nodes..], Path.Combine(folder.FullName, "chat-rooms.db")), Path.Combine(folder.FullName, $"node-{i + 1}.log")))
            .ToArray();
        var passed = false;
        try
        {
            await using var demo = new ChatDemo(nodes, output, cancellationToken);
            return passed = await demo.RunAsync();
        }
        catch (OperationCanceledException)
        {
            passed = true;
            throw;
        }
        finally
        {
            await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
            if (passed)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                await Console.Error.WriteLineAsync($"The logs stay in {folder.FullName}");
            }
        }
    }

    // All are held until all are found, so that none comes twice.
    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        Array.ForEach(listeners, listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        Array.ForEach(listeners, listener => listener.Dispose());
        return ports;
    }
}
