using Akka.Actor;
using AkkaDurable.Journal.Internal.Events;
using AkkaDurable.Journal.Internal.Events.V1;
using AkkaDurable.Journal.Internal.Index;
using AkkaDurable.Journal.Internal.Leases;
using AkkaDurable.Journal.Internal.Plugin;
using AkkaDurable.Journal.Internal.Protocol;
using AkkaDurable.Journal.Internal.Records;
using AkkaDurable.Journal.Internal.Streams;
using AkkaDurable.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaDurable.Journal;

/// <summary>Keeps records in a journal of Akka.Persistence, of any plugin that refuses a sequence number which a persistence id has already. Safe for concurrent use; any number of processes may share a journal.</summary>
/// <remarks>
/// <para>Each record is a stream of its own, each event of which is the whole record. A claim, a save or a delete appends one event with the next sequence number; the journal lets one writer have it, and that is the
/// compare-and-swap. A write that failed, for its own sake or as the neighbour of a conflict in the plugin's batch, is looked for in the journal, and written again when it is not there.</para>
/// <para>The plugin that the app configured is not used as it is: the store runs copies of it, under <c>akka-durable.journal.records</c> and <c>akka-durable.journal.leases</c> in the actor system's configuration, with
/// the replay filter off, a circuit breaker that conflicts do not open and (Akka.Persistence.Sql) small batches. What the app sets under these paths goes over that, and is refused if it would lose events.</para>
/// <para>What it costs, beside <c>AkkaDurable.Sql.SqlStateStore</c>, which does the same with less:</para>
/// <list type="bullet">
/// <item>A save is one event. A server that was quiet for half a minute adds a look at where its stream ends.</item>
/// <item>A claim is two reads and an event. The first claim of a key is one more event, in an index: a journal cannot list.</item>
/// <item>The index is in the memory of each process that makes servers of the type or lists them: about 100 bytes a key.</item>
/// <item><see cref="ListAsync"/> reads each record of the page, and each that it passes over because it does not match. <see cref="CountAsync"/> and <see cref="ListOrphansAsync"/> read all records of the type. None of them is for dashboards with 100,000 servers.</item>
/// <item>Old events are deleted a minute after they were followed by a newer one at the earliest, and only once <see cref="JournalStateStoreOptions.TrimAfter"/> have gathered: until then each takes the room of the
/// whole state. A deleted record leaves one small event for ever, which keeps its old tokens dead.</item>
/// </list>
/// <para>A process that was away for over half a minute checks, before it answers, that nobody has written meanwhile. For that the clocks of nodes need not agree, but none may run at half the speed of another.</para>
/// </remarks>
public sealed class JournalStateStore : IStateStore
{
    private const int MaxPageSize = 1_000;

    private readonly ExtendedActorSystem _system;
    private readonly JournalStateStoreOptions _options;
    private readonly StoreClock _clock;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _closed = new();
    private readonly PersistenceIds _ids;
    private readonly RecordLanes _lanes;
    private readonly Lazy<Parts> _parts;

    private JournalStateStore(ExtendedActorSystem system, JournalStateStoreOptions options, TimeProvider time, ILogger log)
    {
        _system = system;
        _options = options;
        _clock = new StoreClock(time);
        _log = log;
        _ids = new PersistenceIds(options.PersistenceIdPrefix);
        _lanes = new RecordLanes(options.MaxRemembered);
        _parts = new Lazy<Parts>(Open);
    }

    /// <summary>Makes a store over a journal of an actor system. Nothing is opened before <see cref="PrepareAsync"/>.</summary>
    /// <param name="system">The actor system in which the journal plugin is configured and runs.</param>
    /// <param name="options">How; left out, all defaults. Later changes to it have no effect.</param>
    /// <param name="timeProvider">The clock of <see cref="StoredServer.CreatedAt"/>, <see cref="StoredServer.UpdatedAt"/> and all waiting; left out, that of the system.</param>
    /// <param name="loggers">Where log messages go; left out, nowhere.</param>
    /// <returns>The store. Dispose of it before the actor system terminates, or with it.</returns>
    /// <exception cref="DurableConfigurationException">An option breaks a rule.</exception>
    public static JournalStateStore Create(ActorSystem system, JournalStateStoreOptions? options = null, TimeProvider? timeProvider = null, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(system);
        var copy = options?.Copy() ?? new JournalStateStoreOptions();
        copy.Validate();
        return new JournalStateStore((ExtendedActorSystem)system, copy, timeProvider ?? TimeProvider.System, loggers?.CreateLogger(typeof(JournalStateStore).FullName!) ?? NullLogger.Instance);
    }

    /// <inheritdoc/>
    /// <exception cref="DurableConfigurationException">The plugin does not exist, or a setting of it would lose events or let one conflict stop all writes.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken = default)
    {
        var parts = Opened();
        await new UniquenessProbe(parts.Records, _ids, parts.Trimmer).CheckAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        await parts.Leases.ListAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task PingAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Opened().Records.HighestAsync(_ids.Probe).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<int> RegisterTypeAsync(string serverType, int shardCount, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(serverType);
        cancellationToken.ThrowIfCancellationRequested();
        return await RegisterAsync(Opened(), serverType, shardCount).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var operations = Opened().Operations;
        return new ValueTask<ClaimResult>(_lanes.RunAsync(request.Id, lane => operations.ClaimAsync(lane, request), cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<SaveOutcome> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var operations = Opened().Operations;
        return new ValueTask<SaveOutcome>(_lanes.RunAsync(request.Id, lane => operations.SaveAsync(lane, request), cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<SaveOutcome> DeleteAsync(ServerId id, ClaimToken token, CancellationToken cancellationToken = default)
    {
        var operations = Opened().Operations;
        return new ValueTask<SaveOutcome>(_lanes.RunAsync(id, lane => operations.DeleteAsync(lane, id, token), cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<StoredServer?> ReadAsync(ServerId id, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return (await Opened().Reader.ReadAsync(id, _lanes.Remembered(id)).WaitAsync(cancellationToken).ConfigureAwait(false)).Record;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredServer>> ListAsync(ServerQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PageSize, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.PageSize, MaxPageSize, nameof(query));
        return cancellationToken.IsCancellationRequested ? Task.FromCanceled<IReadOnlyList<StoredServer>>(cancellationToken) : Opened().Lister.ListAsync(query, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredServer>> ListOrphansAsync(OrphanQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PageSize, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.PageSize, MaxPageSize, nameof(query));
        return cancellationToken.IsCancellationRequested ? Task.FromCanceled<IReadOnlyList<StoredServer>>(cancellationToken) : Opened().Lister.ListOrphansAsync(query, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(ServerQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<IReadOnlyDictionary<ServerStatus, long>>(cancellationToken)
            : Opened().Lister.CountAsync(query, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask CreateLeaseAsync(long id, string node, TimeSpan timeToLive, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Opened().Leases.CreateAsync(id, node, timeToLive).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RenewLeaseAsync(long id, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Opened().Leases.RenewAsync(id).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask RevokeLeaseAsync(long id, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Opened().Leases.RevokeAsync(id).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteLeaseAsync(long id, long? renewals = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Opened().Leases.DeleteAsync(id, renewals).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<NodeLease>> ListLeasesAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Opened().Leases.ListAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the store. What is under way ends with <see cref="StoreUnavailableException"/>, and may have happened; the journal belongs to the actor system and lives on.</summary>
    /// <returns>A task that has ended.</returns>
    public ValueTask DisposeAsync()
    {
        _closed.Cancel();
        return ValueTask.CompletedTask;
    }

    private Parts Opened() => _closed.IsCancellationRequested ? throw new StoreUnavailableException("The store is closed.") : _parts.Value;

    private Parts Open()
    {
        // By configuration, since each extension that brings settings of its own makes the system build its serializers anew: what was added by hand is gone then, without a word.
        _system.Settings.InjectTopLevelFallback(JournalSerializer.Configuration);
        var (recordsPlugin, leasesPlugin) = PluginConfig.Apply(_system, _options.PluginId);
        var trimmer = new Trimmer(_clock, _log, _closed.Token);
        var records = new JournalClient(_system, recordsPlugin, _options, _clock.Time, _closed.Token);
        var leases = new JournalClient(_system, leasesPlugin, _options, _clock.Time, _closed.Token);
        var writer = new EventWriter(records, _clock, _options.JournalTimeout);
        var indexes = new TypeIndexes(writer, trimmer, _ids);
        var table = new LeaseTable(new EventWriter(leases, _clock, _options.JournalTimeout), trimmer, _ids, _options.TrimAfter);
        var reader = new RecordReader(records, _ids, _clock);
        var operations = new RecordOperations(writer, reader, _ids, indexes, table, trimmer, _options.TrimAfter);
        return new Parts(records, writer, trimmer, reader, operations, new RecordLister(indexes, reader, _lanes, operations, table), table);
    }

    private async Task<int> RegisterAsync(Parts parts, string serverType, int shardCount)
    {
        var persistenceId = _ids.Type(serverType);
        var known = _clock.Now();
        var (found, _) = await parts.Records.ReadAsync(persistenceId, 1).ConfigureAwait(false);
        if (found is null)
        {
            var registered = new TypeEvent { ServerType = serverType, ShardCount = shardCount };
            if (await parts.Writer.AppendAsync(persistenceId, 1, registered, known, trimmedTo: 0).ConfigureAwait(false) == AppendOutcome.Written)
            {
                return shardCount;
            }

            (found, _) = await parts.Records.ReadAsync(persistenceId, 1).ConfigureAwait(false);
        }

        return found?.Event is TypeEvent type && type.ServerType == serverType
            ? type.ShardCount
            : throw new StoreSchemaException($"{persistenceId} does not hold the number of shards of {serverType}.");
    }

    private sealed record Parts(JournalClient Records, EventWriter Writer, Trimmer Trimmer, RecordReader Reader, RecordOperations Operations, RecordLister Lister, LeaseTable Leases);
}
