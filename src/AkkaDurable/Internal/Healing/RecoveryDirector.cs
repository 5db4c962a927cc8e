using Akka.Actor;
using Akka.Cluster;
using AkkaDurable.Internal.Runtime;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Internal.Healing;

/// <summary>
/// Starts the permanent servers of one type that run nowhere: one in the whole cluster. It asks the store when it begins, after each change of the cluster and now and then, so that it needs no memory of its own, and what
/// it overlooks today it finds tomorrow. That two of them are at work, as in a partition, does no harm: a server has one owner whoever asks for it.
/// </summary>
internal sealed partial class RecoveryDirector : ReceiveActor
{
    private const int StartsAtOnce = 64;
    private const int LoggedFailures = 5;

    private readonly ServerType _type;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly RecoverySchedule _schedule;

    // Nodes that came up and have not been looked through yet: what is said to run there without a lease may have run in a process before, at the same address.
    private readonly HashSet<string> _newcomers = new(StringComparer.Ordinal);
    private readonly IActorRef _self;
    private readonly long _began;
    private bool _isPassing;
    private RecoveryPass? _pass;
    private ITimer? _next;

    public RecoveryDirector(ServerType type)
    {
        _type = type;
        _self = Self;
        _schedule = new RecoverySchedule(type.Options.RecoveryInterval);
        _began = type.Node.Time.GetTimestamp();
        Receive<LookNow>(_ => Look());
        Receive<RecoveryPassEnded>(OnPassEnded);
        Receive<ClusterEvent.MemberUp>(up =>
        {
            _newcomers.Add(up.Member.Address.ToString());
            OnClusterChanged();
        });
        Receive<ClusterEvent.MemberRemoved>(_ =>
        {
            // What was asked of the lost node is never answered.
            _pass?.Cancel();
            OnClusterChanged();
        });
        Receive<ClusterEvent.IMemberEvent>(_ => OnClusterChanged());
    }

    private TimeSpan Now => _type.Node.Time.GetElapsedTime(_began);

    protected override void PreStart()
    {
        _cluster.Subscribe(_self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        Look();
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(_self);
        _next?.Dispose();
        _pass?.Cancel();
    }

    private void OnClusterChanged()
    {
        _schedule.Alert(Now);
        if (!_isPassing)
        {
            LookIn(TimeSpan.Zero);
        }
    }

    private void Look()
    {
        if (_isPassing)
        {
            return;
        }

        _isPassing = true;
        var now = Now;
        var live = _cluster.State.Members.Select(member => member.Address.ToString()).Except(_newcomers).ToHashSet(StringComparer.Ordinal);
        var outOfReach = _cluster.State.Unreachable.Select(member => member.Address.ToString()).ToHashSet(StringComparer.Ordinal);
        var newcomers = _newcomers.ToArray();

        // Nobody changes the schedule until the pass has ended.
        _pass = new RecoveryPass(_type, key => _schedule.IsDue(key, now), new RecoveryNodes(live, outOfReach), StartsAtOnce);
        _ = Run(_pass, newcomers, _self);

        static async Task Run(RecoveryPass pass, string[] newcomers, IActorRef self)
        {
            RecoveryPassEnded ended;
            try
            {
                ended = await pass.RunAsync().ConfigureAwait(false) with { Newcomers = newcomers };
            }
            catch (Exception error)
            {
                ended = new(new HashSet<string>(), [], error);
            }

            self.Tell(ended, ActorRefs.NoSender);
        }
    }

    private void OnPassEnded(RecoveryPassEnded ended)
    {
        _isPassing = false;
        var now = Now;
        if (ended.Error is { } error)
        {
            LogPassFailed(_type.Log, _type.Name, error.Message);
            LookIn(_schedule.NextIn(now, started: 0));
            return;
        }

        var started = 0;
        var failures = new List<(string Key, DurableServerException Failure)>();
        foreach (var (key, failure) in ended.Starts)
        {
            if (failure is null)
            {
                started++;
                _schedule.Started(key);
            }
            else
            {
                failures.Add((key, failure));
                _schedule.Failed(key, now, (failure as PlacementUnavailableException)?.RetryAfter);
            }
        }

        if (ended.IsCancelled)
        {
            LookIn(TimeSpan.Zero);
            return;
        }

        _schedule.Forget(ended.Found);
        if (failures.Count == 0)
        {
            _newcomers.ExceptWith(ended.Newcomers);
        }

        if (started > 0)
        {
            _type.Node.Metrics.Recovered(_type.Name, started);
            LogStarted(_type.Log, _type.Name, started, ended.Found.Count);
        }

        foreach (var (key, failure) in failures.Take(LoggedFailures))
        {
            LogStartFailed(_type.Log, _type.Name, key, failures.Count, failure.Message);
        }

        LookIn(_schedule.NextIn(now, started));
    }

    private void LookIn(TimeSpan delay)
    {
        _next?.Dispose();
        var self = _self;
        _next = _type.Node.Time.CreateTimer(_ => self.Tell(LookNow.Instance, ActorRefs.NoSender), null, delay, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(1040, LogLevel.Information, "{ServerType}: {Started} of {Found} permanent servers that ran nowhere were started")]
    private static partial void LogStarted(ILogger logger, string serverType, int started, int found);

    [LoggerMessage(1041, LogLevel.Warning, "{ServerType}/{Key} is permanent but could not be started, one of {Count}; it is tried again: {Reason}")]
    private static partial void LogStartFailed(ILogger logger, string serverType, string key, int count, string reason);

    [LoggerMessage(1042, LogLevel.Warning, "{ServerType}: the store could not be asked for permanent servers that run nowhere; it is asked again: {Reason}")]
    private static partial void LogPassFailed(ILogger logger, string serverType, string reason);

    private sealed class LookNow : INoSerializationVerificationNeeded
    {
        public static LookNow Instance { get; } = new();
    }
}
