using Akka.Actor;

namespace AkkaDurable.Benchmarks.Contenders.OnAkka;

/// <summary>The counter as a plain actor; its count dies with it.</summary>
internal sealed class PlainCounter : ReceiveActor
{
    private int _count;

    public PlainCounter()
    {
        Receive<AddCommand>(add => Sender.Tell(_count += add.By, Self));
        Receive<GetCommand>(_ => Sender.Tell(_count, Self));
    }
}
