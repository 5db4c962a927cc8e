using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Akka.Actor;

namespace AkkaDurable.Management.Internal.Palettes;

/// <summary>What an actor is told, as a stream. A reader that is too slow loses the oldest, and is told how many (<see cref="Lost"/>).</summary>
internal static class EventTap
{
    private const int MaxWaiting = 1_000;

    /// <param name="system">The actor system.</param>
    /// <param name="subscribe">Has the actor told; it is untold by ending.</param>
    /// <param name="unsubscribe">Ends that.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public static async IAsyncEnumerable<object> ReadAsync(
        ActorSystem system, Action<IActorRef> subscribe, Action<IActorRef> unsubscribe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lost = 0;
        var events = Channel.CreateBounded<object>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Interlocked.Increment(ref lost));
        var actor = system.ActorOf(Props.Create(() => new Listener(subscribe, events.Writer)).WithDeploy(Deploy.Local));
        try
        {
            await foreach (var item in events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (Interlocked.Exchange(ref lost, 0) is > 0 and var count)
                {
                    yield return new Lost(count);
                }

                yield return item;
            }
        }
        finally
        {
            unsubscribe(actor);
            system.Stop(actor);
        }
    }

    /// <summary>So many were lost just before what comes next.</summary>
    internal sealed record Lost(int Count)
    {
        public CommandOutput Told => new CommandOutput.Partial(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Count} events were lost here: they came faster than they were read"));
    }

    private sealed class Listener(Action<IActorRef> subscribe, ChannelWriter<object> events) : UntypedActor
    {
        protected override void PreStart() => subscribe(Self);

        protected override void OnReceive(object message) => events.TryWrite(message);

        // The system goes down: whoever reads is to know.
        protected override void PostStop() => events.TryComplete();
    }
}
