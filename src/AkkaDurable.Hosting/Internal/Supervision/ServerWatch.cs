using AkkaDurable.Supervision;

namespace AkkaDurable.Hosting.Internal.Supervision;

/// <summary>A durable server as a child: asks now and then whether it is still the run that was started.</summary>
internal sealed class ServerWatch
{
    private readonly ServerRef _server;
    private readonly DurableChildOptions _options;
    private readonly TimeProvider _time;
    private readonly long _epoch;

    private ServerWatch(ServerRef server, DurableChildOptions options, TimeProvider time, long epoch)
    {
        _server = server;
        _options = options;
        _time = time;
        _epoch = epoch;
    }

    public static async Task<ChildStart> StartAsync(ServerRef server, DurableChildOptions options, ChildStartContext context)
    {
        try
        {
            await server.EnsureStartedAsync(cancellationToken: context.CancellationToken).ConfigureAwait(false);
            var info = await server.InfoAsync(cancellationToken: context.CancellationToken).ConfigureAwait(false);
            return info is { IsRunning: true, Epoch: var epoch }
                ? ChildStart.Ok(ChildHandle.Run(new ServerWatch(server, options, context.TimeProvider, epoch).WatchAsync))
                : ChildStart.Failed(End(info));
        }
        catch (ServerIgnoredException)
        {
            return ChildStart.Ignore;
        }
    }

    private async Task<ExitReason> WatchAsync(CancellationToken stop)
    {
        var seen = _time.GetTimestamp();
        while (true)
        {
            try
            {
                await Task.Delay(_options.CheckEvery, _time, stop).ConfigureAwait(false);
                var info = await _server.InfoAsync(cancellationToken: stop).ConfigureAwait(false);
                seen = _time.GetTimestamp();
                if (info is not { IsRunning: true })
                {
                    return End(info);
                }

                if (info.Epoch != _epoch)
                {
                    return ExitReason.Error($"{_server} was claimed again: it crashed or moved (epoch {info.Epoch}, was {_epoch})");
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                if (_options.StopsServer)
                {
                    await _server.StopAsync(cancellationToken: CancellationToken.None).ConfigureAwait(false);
                }

                return ExitReason.Shutdown;
            }
            catch (DurableServerException) when (_time.GetElapsedTime(seen) < _options.LostAfter)
            {
                // Its node may be on its way out, or the store away for a moment: it is asked again.
            }
        }
    }

    private static ExitReason End(ServerInfo? info) => info?.Status switch
    {
        null => ExitReason.ShutdownBecause("it was deleted"),
        ServerStatus.StoppedGraceful => ExitReason.Normal,
        ServerStatus.StoppedPermanent => ExitReason.ShutdownBecause("it was stopped for good"),
        ServerStatus.Cordoned => ExitReason.ShutdownBecause("it is cordoned"),
        ServerStatus.Deleting => ExitReason.ShutdownBecause("it is being deleted"),
        ServerStatus.Running => ExitReason.Error($"it was lost with its node {info.Node}"),
        var status => ExitReason.Error($"its status is {status}"),
    };
}
