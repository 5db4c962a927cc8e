using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Util.Internal;

namespace AkkaDurable.Journal.Tests.Plugins;

/// <summary>A journal plugin in memory that refuses what a database would refuse, and fails when it is told to. It keeps bytes, not objects, as a database does.</summary>
public sealed class ScriptedJournal : AsyncWriteJournal
{
    private static readonly ConcurrentDictionary<string, Tape> Tapes = new();

    private readonly Tape _tape;

    public ScriptedJournal(Akka.Configuration.Config config) => _tape = TapeOf(config.GetString("tape"));

    public static Tape TapeOf(string name) => Tapes.GetOrAdd(name, static _ => new Tape());

    /// <summary>The settings of a plugin over a tape.</summary>
    public static string Settings(string tape) => $$"""
        akka.persistence.journal {
          plugin = "akka.persistence.journal.scripted"
          scripted {
            class = "AkkaDurable.Journal.Tests.Plugins.ScriptedJournal, AkkaDurable.Journal.Tests"
            tape = "{{tape}}"
          }
        }
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        """;

    public override Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        _tape.Read(persistenceId)
            .Where(row => row.Key >= fromSequenceNr && row.Key <= toSequenceNr)
            .OrderBy(row => row.Key)
            .Take((int)Math.Min(max, int.MaxValue))
            .ForEach(row => recoveryCallback(new Persistent(Context.System.Serialization.Deserialize(row.Value.Bytes, row.Value.Serializer, row.Value.Manifest), row.Key, persistenceId)));
        return Task.CompletedTask;
    }

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) =>
        Task.FromResult(_tape.Read(persistenceId).Select(row => row.Key).DefaultIfEmpty().Max());

    protected override async Task<IImmutableList<Exception?>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        foreach (var persistent in messages.SelectMany(write => (IEnumerable<IPersistentRepresentation>)write.Payload))
        {
            var serializer = Context.System.Serialization.FindSerializerFor(persistent.Payload);
            var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, persistent.Payload);
            await _tape.WriteAsync(persistent.PersistenceId, persistent.SequenceNr, new Row(serializer.Identifier, manifest, serializer.ToBinary(persistent.Payload)));
        }

        return null!;
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        _tape.Delete(persistenceId, toSequenceNr);
        return Task.CompletedTask;
    }

    public sealed record Row(int Serializer, string Manifest, byte[] Bytes);

    /// <summary>What several actor systems share, and the script.</summary>
    public sealed class Tape
    {
        private readonly ConcurrentDictionary<string, ConcurrentDictionary<long, Row>> _streams = new();

        /// <summary>Runs before each write, and may fail or delay it, or store it and fail all the same.</summary>
        public Func<string, long, Func<bool>, Task> BeforeWrite { get; set; } = static (_, _, _) => Task.CompletedTask;

        public ConcurrentDictionary<long, Row> Read(string persistenceId) => _streams.GetOrAdd(persistenceId, static _ => new());

        public async Task WriteAsync(string persistenceId, long sequenceNr, Row row)
        {
            var stream = Read(persistenceId);
            await BeforeWrite(persistenceId, sequenceNr, () => stream.TryAdd(sequenceNr, row));
            if (!stream.TryAdd(sequenceNr, row))
            {
                throw new InvalidOperationException($"{persistenceId} has {sequenceNr} already.");
            }
        }

        public void Delete(string persistenceId, long upTo)
        {
            var stream = Read(persistenceId);
            foreach (var sequenceNr in stream.Keys.Where(sequenceNr => sequenceNr <= upTo))
            {
                stream.TryRemove(sequenceNr, out _);
            }
        }
    }
}
