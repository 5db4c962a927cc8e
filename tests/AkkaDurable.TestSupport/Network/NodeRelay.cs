using System.Net;
using System.Net.Sockets;

namespace AkkaDurable.TestSupport.Network;

/// <summary>What stands in front of one node: takes its connections and passes them on.</summary>
internal sealed class NodeRelay : IAsyncDisposable
{
    private readonly string _region;
    private readonly int _nodePort;
    private readonly Func<int, string?> _regionOf;
    private readonly Func<string, string, RegionLink> _link;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _closing = new();
    private readonly List<Task> _running = [];

    /// <param name="region">Where the node is.</param>
    /// <param name="nodePort">Where it listens.</param>
    /// <param name="regionOf">Tells the region of the node with a public port.</param>
    /// <param name="link">Tells the way from one region to another.</param>
    public NodeRelay(string region, int nodePort, Func<int, string?> regionOf, Func<string, string, RegionLink> link)
    {
        _region = region;
        _nodePort = nodePort;
        _regionOf = regionOf;
        _link = link;
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    public int Port { get; }

    public void Start() => Run(AcceptAsync());

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        Task[] running;
        lock (_running)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running);
        _closing.Dispose();
    }

    private void Run(Task task)
    {
        lock (_running)
        {
            _running.RemoveAll(done => done.IsCompletedSuccessfully);
            _running.Add(task);
        }
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                Run(RelayAsync(await _listener.AcceptAsync(_closing.Token)));
            }
            catch (Exception exception) when (IsEnd(exception))
            {
                // The listener was closed, or the caller was gone before it was taken.
            }
        }
    }

    private async Task RelayAsync(Socket caller)
    {
        using (caller)
        using (var node = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            caller.NoDelay = node.NoDelay = true;
            try
            {
                // A connection that is closed before it says who it is has nothing to be passed on.
                if (await AkkaGreeting.ReadAsync(caller, _closing.Token) is not { } greeting)
                {
                    return;
                }

                var region = _regionOf(greeting.CallerPort) ?? throw new InvalidOperationException($"A node that is not part of the network has called: port {greeting.CallerPort}.");
                await _link(region, _region).UntilOpenAsync(_closing.Token);
                await node.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _nodePort), _closing.Token);
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
                var pipes = new[]
                {
                    new LinkPipe(caller, node, _link(region, _region)).RunAsync(greeting.Bytes, ended.Token),
                    new LinkPipe(node, caller, _link(_region, region)).RunAsync(default, ended.Token),
                };

                // The end of one direction travels by itself; a failure ends both.
                if (await Task.WhenAny(pipes) is { IsCompletedSuccessfully: false })
                {
                    await ended.CancelAsync();
                }

                await Task.WhenAll(pipes);
            }
            catch (Exception exception) when (IsEnd(exception))
            {
                // One of the two has closed it, or is not there.
            }
        }
    }

    private static bool IsEnd(Exception exception) => exception is SocketException or OperationCanceledException or ObjectDisposedException;
}
