using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Management.Internal.Relay;

/// <summary>Runs a verb for another node: sends what it tells as far as there is credit, and lives as long as whoever asked.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Neither has a handle; the run may still look at them when its actor is gone.")]
internal sealed partial class RelayRun : UntypedActor, IWithTimers
{
    private static readonly TimeSpan s_beat = TimeSpan.FromMilliseconds(500);

    private readonly CommandCall _call;
    private readonly IActorRef _client;
    private readonly string _caller;
    private readonly IServiceProvider _services;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _credit;

    public RelayRun(CommandCall call, IActorRef client, string caller, int credit, IServiceProvider services, ILogger log)
    {
        _call = call;
        _client = client;
        _caller = caller;
        _services = services;
        _log = log;
        _credit = new SemaphoreSlim(credit);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Context.Watch(_client);
        _client.Tell(new RelayMessage.Started());
        Timers.StartPeriodicTimer("beat", new RelayMessage.Alive(), s_beat);
        var (system, self) = (Context.System, Self);
        _ = Task.Run(() => PumpAsync(system, self));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RelayMessage.Alive:
                _client.Tell(message);
                break;
            case RelayMessage.More { Count: > 0 and <= 1_024 } more when _credit.CurrentCount <= 1_024:
                _credit.Release(more.Count);
                break;
            case RelayMessage.Ended:
                // It stays until the other side is through: its end could overtake what was sent before.
                Timers.Cancel("beat");
                break;
            case Terminated:
                Context.Stop(Self);
                break;
        }
    }

    protected override void PostStop() => _end.Cancel();

    private async Task PumpAsync(ActorSystem system, IActorRef self)
    {
        RelayMessage.Ended? end = null;
        var outcome = "done";
        try
        {
            await foreach (var item in _call.RunAsync(system, _services, _caller, _end.Token).ConfigureAwait(false))
            {
                await _credit.WaitAsync(_end.Token).ConfigureAwait(false);
                _client.Tell(new RelayMessage.Item(item), self);
            }

            // What is followed has no end but this one.
            end = _call.Command.Follows ? new(CommandErrorKind.Unavailable, $"{_call.Palette.Name} {_call.Command.Name} was ended: the node stops") : new(null, "");
        }
        catch (CommandException error)
        {
            outcome = error.Message;
            end = new(error.Kind, error.Message);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            outcome = "ended by the other node";
        }
#pragma warning disable CA1031 // What a handler throws ends this command, is logged whole, and the caller is told no more than that.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            outcome = exception.GetType().Name;
            LogFailed(_log, exception, _call.ToString(), _caller);
            end = new(CommandErrorKind.Unavailable, $"{_call.Palette.Name} {_call.Command.Name} failed: {outcome}; the node's log says more");
        }

        if (_call.Command.Effect != CommandEffect.Reads)
        {
            LogCommand(_log, _caller, _call.ToString(), outcome);
        }

        if (end is not null)
        {
            _client.Tell(end, self);
            self.Tell(end);
        }
    }

    [LoggerMessage(7005, LogLevel.Information, "Admin command by {Caller}: {Command}: {Outcome}")]
    private static partial void LogCommand(ILogger logger, string caller, string command, string outcome);

    [LoggerMessage(7006, LogLevel.Error, "The admin command {Command} by {Caller} failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string command, string caller);
}
