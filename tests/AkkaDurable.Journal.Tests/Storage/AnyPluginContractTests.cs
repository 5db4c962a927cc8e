using Akka.Actor;
using AkkaDurable.Journal.Tests.Plugins;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Storage;

namespace AkkaDurable.Journal.Tests.Storage;

/// <summary>The contract on a plugin that nobody knows, two nodes sharing what it stores.</summary>
public sealed class AnyPluginContractTests(AnyPluginContractTests.Nodes nodes) : StateStoreContract, IClassFixture<AnyPluginContractTests.Nodes>
{
    private readonly string _prefix = $"t{Guid.NewGuid():N}";

    protected override bool KeepsPlaces => false;

    protected override IStateStore Open(TimeProvider clock) => JournalStateStore.Create(nodes.Next(), new JournalStateStoreOptions { PersistenceIdPrefix = _prefix }, clock);

    public sealed class Nodes : IAsyncLifetime
    {
        private readonly string _tape = Guid.NewGuid().ToString("N");
        private ActorSystem[] _systems = [];
        private int _next;

        public ActorSystem Next() => _systems[_next++ % _systems.Length];

        public Task InitializeAsync()
        {
            _systems = [.. Enumerable.Range(0, 2).Select(_ => ActorSystem.Create("any", ScriptedJournal.Settings(_tape)))];
            return Task.CompletedTask;
        }

        public Task DisposeAsync() => Task.WhenAll(_systems.Select(system => system.Terminate()));
    }
}
