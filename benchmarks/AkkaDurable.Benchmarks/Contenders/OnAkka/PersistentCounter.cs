using Akka.Actor;
using Akka.Persistence;

namespace AkkaDurable.Benchmarks.Contenders.OnAkka;

/// <summary>The counter as one writes it with Akka.Persistence: an event a change, the reply when it is stored.</summary>
internal sealed class PersistentCounter : ReceivePersistentActor
{
    private int _count;

    /// <param name="key">The key.</param>
    /// <param name="pipelined">
    /// Whether the next command is handled before this one's event is stored (PersistAsync). It lets one actor's events share a commit, but the handler no longer sees the state that its
    /// event will meet: fine for a sum, not for rules such as "never below zero".
    /// </param>
    public PersistentCounter(string key, bool pipelined)
    {
        PersistenceId = (pipelined ? "pipelined-" : "counter-") + key;
        Recover<Added>(Apply);
        if (pipelined)
        {
            Command<AddCommand>(add => PersistAsync(new Added(add.By), Stored));
        }
        else
        {
            Command<AddCommand>(add => Persist(new Added(add.By), Stored));
        }

        Command<GetCommand>(_ => Sender.Tell(_count, Self));
    }

    public override string PersistenceId { get; }

    private void Stored(Added added)
    {
        Apply(added);
        Sender.Tell(_count, Self);
    }

    private void Apply(Added added) => _count += added.By;
}
