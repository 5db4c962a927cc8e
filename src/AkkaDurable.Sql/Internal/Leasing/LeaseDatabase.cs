using Akka.Actor;
using AkkaDurable.Sql.Internal.Postgres;
using AkkaDurable.Sql.Internal.Sqlite;

namespace AkkaDurable.Sql.Internal.Leasing;

/// <summary>The database of an actor system's leases: opened when it is first needed, closed with the actor system.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "It lives as long as the actor system; the semaphore has no handle unless one is asked for.")]
internal sealed class LeaseDatabase : IExtension
{
    private readonly ActorSystem _system;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private ISqlDatabase? _database;
    private ILeaseTable? _table;

    public LeaseDatabase(ExtendedActorSystem system)
    {
        _system = system;
        _ = CloseWithSystemAsync();
    }

    public static LeaseDatabase Of(ActorSystem system) => system.WithExtension<LeaseDatabase, LeaseDatabaseProvider>();

    /// <summary>Makes a database of the kind that the options name.</summary>
    public static ISqlDatabase Create(SqlStateStoreOptions options)
    {
        var tables = new TableNames(options.Schema, options.TablePrefix);
        return OptionRules.IsSqlite(options) ? new SqliteDatabase(options, tables) : new PostgresDatabase(options, tables);
    }

    /// <summary>The table, which is made or upgraded at the first call.</summary>
    /// <exception cref="DurableConfigurationException">There is no <see cref="SqlLeaseSetup"/>, or its options break a rule.</exception>
    /// <exception cref="StoreUnavailableException">The database does not answer.</exception>
    /// <exception cref="StoreSchemaException">The tables are not ours.</exception>
    public async ValueTask<ILeaseTable> OpenAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _table) is { } open)
        {
            return open;
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_table is null)
            {
                _database ??= Create(Options());
                await _database.PrepareAsync(cancellationToken).ConfigureAwait(false);
                Volatile.Write(ref _table, _database.CreateLeaseTable());
            }

            return _table;
        }
        finally
        {
            _turn.Release();
        }
    }

    private SqlStateStoreOptions Options()
    {
        if (_system.Settings.Setup.Get<SqlLeaseSetup>() is not { HasValue: true } setup)
        {
            throw new DurableConfigurationException(nameof(SqlLeaseSetup), null, "the actor system needs one, to know the database of its leases");
        }

        var options = setup.Value.Options(_system);
        options.Validate();
        var own = options.Copy();
        own.Writers = 1;
        return own;
    }

    private async Task CloseWithSystemAsync()
    {
        await _system.WhenTerminated.ConfigureAwait(false);
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        if (_database is { } database)
        {
            await database.DisposeAsync().ConfigureAwait(false);
        }

        _turn.Release();
    }
}
