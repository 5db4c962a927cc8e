using Akka.Actor;
using AkkaDurable.Supervision;

namespace SupervisionTreeExample;

/// <summary>The shop's tree. Nobody in it catches an exception: what fails is started again, with what depends on it.</summary>
internal static class Shop
{
    #region tree
    public static SupervisorSpec Tree() => Supervisor.OneForOne("shop",
    [
        ChildSpec.Worker<Database>(),
        Supervisor.RestForOne("prices",                         // what depends on the feed stands behind it
        [
            ChildSpec.Worker<PriceFeed>(),
            ChildSpec.Worker<PriceTags>(),
            ChildSpec.Worker<ClosingSale>() with { Restart = Restart.Transient },
        ]),
        Supervisor.Dynamic("carts") with { MaxChildren = 1000 },
        Supervisor.Tasks("letters"),
    ]);
    #endregion
}

/// <summary>Says when it starts and ends, and does what it is told.</summary>
internal abstract class Noisy : UntypedActor
{
    protected override void PreStart() => Console.WriteLine($"    + {Self.Path.Name}");

    protected override void PostStop() => Console.WriteLine($"    - {Self.Path.Name}");

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case "fail":
                throw new InvalidOperationException("no connection to the exchange");
            case "done":
                Context.Stop(Self);
                break;
        }
    }
}

internal sealed class Database : Noisy;

internal sealed class PriceFeed : Noisy;

internal sealed class PriceTags : Noisy;

internal sealed class ClosingSale : Noisy;

internal sealed class Cart : Noisy;
