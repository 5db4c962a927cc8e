using Akka.Actor;

namespace AkkaDurable.Benchmarks.Trees;

/// <summary>Children of a plain actor with Akka's default strategy, which restarts in place. Where they come and go it watches them and answers when each has started or ended, as a supervisor does.</summary>
internal sealed class PlainChildren : ITreeContender
{
    public const string Settings = "akka { loglevel = OFF, stdout-loglevel = OFF, coordinated-shutdown.run-by-clr-shutdown-hook = off }";

    private readonly Starts _starts = new();
    private readonly ActorSystem _system = ActorSystem.Create("plain", Settings);
    private readonly IActorRef _parent;
    private readonly bool _isDynamic;
    private IActorRef[] _children = [];

    public PlainChildren(bool isDynamic)
    {
        _isDynamic = isDynamic;
        _parent = _system.ActorOf(Props.Create<Parent>(), "root");
    }

    public string Name => "Akka";

    public IActorRef Child(int number) => _starts[number];

    public async Task FillAsync(int count) =>
        _children = await Task.WhenAll(Enumerable.Range(0, count).Select(number => AskAsync(new Start(new TreeChild.Producer(_isDynamic ? null : _starts.Note, number)))));

    public async Task EmptyAsync()
    {
        await Task.WhenAll(_children.Select(child => AskAsync(new Stop(child))));
        _children = [];
    }

    public Task RestartAsync(int number) => _starts.FailAsync(number);

    public async ValueTask DisposeAsync() => await _system.Terminate();

    private Task<IActorRef> AskAsync(Request request)
    {
        _parent.Tell(request, ActorRefs.NoSender);
        return request.Done.Task;
    }

    private abstract record Request : INoSerializationVerificationNeeded
    {
        public TaskCompletionSource<IActorRef> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record Start(TreeChild.Producer Producer) : Request;

    private sealed record Stop(IActorRef Child) : Request;

    private sealed class Parent : UntypedActor
    {
        private readonly Dictionary<IActorRef, Stop> _stopping = [];

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Start start:
                    var child = Context.ActorOf(Props.CreateBy(start.Producer));
                    Context.Watch(child);
                    child.Tell(new Identify(start), Self);
                    break;
                case ActorIdentity { MessageId: Start started, Subject: { } subject }:
                    started.Done.TrySetResult(subject);
                    break;
                case Stop stop:
                    _stopping[stop.Child] = stop;
                    Context.Stop(stop.Child);
                    break;
                case Terminated terminated when _stopping.Remove(terminated.ActorRef, out var stopped):
                    stopped.Done.TrySetResult(terminated.ActorRef);
                    break;
            }
        }
    }
}
