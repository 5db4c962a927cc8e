using Akka.Actor;
using Akka.Configuration;
using AkkaDurable.Storage;

namespace AkkaDurable.Journal.Tests.Databases;

/// <summary>A database with a journal of Akka.Persistence.Sql's, and actor systems that use it; they stand for nodes.</summary>
public abstract class JournalDatabase : IAsyncLifetime
{
    private readonly List<ActorSystem> _systems = [];
    private readonly List<ActorSystem> _shared = [];
    private int _next;
    private int _prefixes;

    /// <summary>The plugin's <c>provider-name</c> and <c>connection-string</c>.</summary>
    protected abstract (string Provider, string ConnectionString) Connection { get; }

    /// <summary>How many nodes the tests share.</summary>
    protected abstract int SharedNodes { get; }

    public abstract Task InitializeAsync();

    public virtual async Task DisposeAsync()
    {
        foreach (var system in _systems)
        {
            await system.Terminate();
        }
    }

    /// <summary>Runs a statement beside the store.</summary>
    public abstract Task<object?> SqlAsync(string text);

    /// <summary>For a test that wants a store which nobody else writes to.</summary>
    public string NewPrefix() => $"t{Interlocked.Increment(ref _prefixes)}";

    /// <summary>The settings of the journal, as an app would write them.</summary>
    public Config Config(string more = "") => ConfigurationFactory.ParseString(more).WithFallback(ConfigurationFactory.ParseString($$"""
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          persistence.journal {
            plugin = "akka.persistence.journal.sql"
            sql {
              class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
              connection-string = "{{Connection.ConnectionString}}"
              provider-name = "{{Connection.Provider}}"
            }
          }
        }
        """));

    /// <summary>Starts a node of one's own.</summary>
    public ActorSystem Start(string more = "")
    {
        var system = ActorSystem.Create("journal", Config(more));
        lock (_systems)
        {
            _systems.Add(system);
        }

        return system;
    }

    /// <summary>A store on one of the nodes that the tests share, one after the other.</summary>
    public IStateStore Open(string prefix, TimeProvider? clock = null) => JournalStateStore.Create(Shared(), new JournalStateStoreOptions { PersistenceIdPrefix = prefix }, clock);

    private ActorSystem Shared()
    {
        lock (_shared)
        {
            if (_shared.Count < SharedNodes)
            {
                _shared.Add(Start());
            }

            return _shared[_next++ % _shared.Count];
        }
    }
}
