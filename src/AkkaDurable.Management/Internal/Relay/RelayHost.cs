using Akka.Actor;
using AkkaDurable.Management.Internal.Palettes;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Management.Internal.Relay;

/// <summary>Takes verbs that other nodes ask for; each runs in a child.</summary>
internal sealed class RelayHost : UntypedActor
{
    public const string Name = "akka-durable-admin";

    private const int MaxRuns = 128;
    private const int MaxCredit = 1_024;

    private readonly IServiceProvider _services;
    private readonly ILogger _log;
    private int _runs;

    public RelayHost(IServiceProvider services, ILogger log)
    {
        _services = services;
        _log = log;
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Stop);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RelayMessage.Run run:
                Start(run);
                break;
            case Terminated:
                _runs--;
                break;
        }
    }

    private void Start(RelayMessage.Run run)
    {
        try
        {
            if (_runs >= MaxRuns)
            {
                throw new CommandException(CommandErrorKind.Unavailable, $"the node runs {MaxRuns} commands for other nodes already");
            }

            // Only the verbs that are about a node, and never an app's: what those may do, this node alone knows.
            var call = NodeVerbs.Local.Parse([run.Palette, run.Verb, .. run.Words]);
            var (client, services, log, caller) = (Sender, _services, _log, $"{run.Caller} at {Sender.Path.Address}");
            var credit = Math.Clamp(run.Credit, 1, MaxCredit);
            Context.Watch(Context.ActorOf(Props.Create(() => new RelayRun(call, client, caller, credit, services, log)).WithDeploy(Deploy.Local)));
            _runs++;
        }
        catch (CommandException error)
        {
            Sender.Tell(new RelayMessage.Ended(error.Kind, error.Message));
        }
    }
}
