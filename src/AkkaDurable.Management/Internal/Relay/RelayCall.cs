using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Akka.Actor;

namespace AkkaDurable.Management.Internal.Relay;

/// <summary>Runs a verb on another node, and reads what it tells: the other node sends no more than what is read, and ends it when nobody reads any more.</summary>
internal static class RelayCall
{
    private const int Credit = 64;

    /// <param name="system">The actor system.</param>
    /// <param name="node">The other node.</param>
    /// <param name="run">The verb; its credit is set here.</param>
    /// <param name="silence">How long the other node may say nothing at all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CommandException">It was refused or failed there, or the node was lost meanwhile; says which node.</exception>
    public static async IAsyncEnumerable<CommandOutput> RunAsync(ActorSystem system, Address node, RelayMessage.Run run, TimeSpan silence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        AdminRelay.Get(system);
        var output = Channel.CreateUnbounded<CommandOutput>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var asked = run with { Credit = Credit };
        var reader = system.ActorOf(Props.Create(() => new Reader(node, asked, silence, output.Writer)).WithDeploy(Deploy.Local));
        try
        {
            var read = 0;
            await foreach (var item in output.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return item;
                if (++read == Credit / 2)
                {
                    reader.Tell(new RelayMessage.More(read));
                    read = 0;
                }
            }
        }
        finally
        {
            // The other node's run watches it.
            system.Stop(reader);
        }
    }

    private sealed class Reader : UntypedActor
    {
        private readonly Address _node;
        private readonly RelayMessage.Run _run;
        private readonly TimeSpan _silence;
        private readonly ChannelWriter<CommandOutput> _output;
        private IActorRef? _runner;

        public Reader(Address node, RelayMessage.Run run, TimeSpan silence, ChannelWriter<CommandOutput> output)
        {
            _node = node;
            _run = run;
            _silence = silence;
            _output = output;
        }

        protected override void PreStart()
        {
            Context.SetReceiveTimeout(_silence);
            Context.ActorSelection(new RootActorPath(_node) / "system" / RelayHost.Name).Tell(new Identify(null));
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case ActorIdentity { Subject: { } host }:
                    host.Tell(_run);
                    break;
                case ActorIdentity:
                    Fail($"{_node} runs no admin API (MapAkkaDurable or WithDurableAdmin), which would answer for it");
                    break;
                case RelayMessage.Started:
                    _runner = Sender;
                    Context.Watch(_runner);
                    break;
                case RelayMessage.Item item:
                    _output.TryWrite(item.Output);
                    break;
                case RelayMessage.More more:
                    _runner?.Tell(more);
                    break;
                case RelayMessage.Ended { Error: null }:
                    _output.TryComplete();
                    break;
                case RelayMessage.Ended ended:
                    _output.TryComplete(new CommandException(ended.Error!.Value, $"{_node}: {ended.Text}"));
                    break;
                case Terminated:
                    Fail(Lost("was lost"));
                    break;
                case ReceiveTimeout:
                    Fail(_runner is null ? FormattableString.Invariant($"{_node} did not answer within {_silence.TotalSeconds:0.###} s") : Lost(FormattableString.Invariant($"has said nothing for {_silence.TotalSeconds:0.###} s")));
                    break;
            }
        }

        protected override void PostStop() => Fail("the node stops");

        private string Lost(string what) => $"{_node} {what} in the middle of {_run.Palette} {_run.Verb}, which may have been done or not";

        // Nothing, if it has ended already.
        private void Fail(string text) => _output.TryComplete(new CommandException(CommandErrorKind.Unavailable, text));
    }
}
