using Akka.Actor;
using AkkaDurable.Supervision;

namespace AkkaDurable.Hosting.Tests.Snippets;

/// <summary>The tree of the READMEs.</summary>
public static class Exchange
{
    public static ChildSpec Tree() =>
#region tree
Supervisor.RestForOne("exchange",
[
    ChildSpec.Worker<Database>(),                                          // left alone when the feeds fail
    DurableChild.ServerType<PriceFeed>("feeds"),                           // all feeds that run on this node
    DurableChild.Server<PriceFeed>("eurex", key: "eurex"),                 // this one, wherever in the cluster it runs
    DurableChild.Singleton("settlement", Props.Create<Settlement>()),      // one in the whole cluster
    ChildSpec.Worker<PriceBoard>(),
]);
#endregion

    public sealed class PriceFeed : DurableServer<TallyState>
    {
        protected override TallyState InitialState => new(0);
    }

    public sealed class Database : Quiet;

    public sealed class Settlement : Quiet;

    public sealed class PriceBoard : Quiet;

    public abstract class Quiet : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }
}
