using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Storage;

namespace AkkaDurable.Tests.Storage;

public sealed class InMemoryStateStoreTests : StateStoreContract
{
    private InMemoryStateStore? _store;

    protected override int Sequences => 10_000;

    protected override IStateStore Open(TimeProvider clock) => _store ??= new InMemoryStateStore(clock);
}
