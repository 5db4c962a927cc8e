using AkkaDurable.Storage;

namespace AkkaDurable.Hosting.Tests;

/// <summary>A store whose answer to a ping can be made to fail.</summary>
internal sealed class PingStore() : DelegatingStateStore(new InMemoryStateStore())
{
    public Exception? Failure { get; set; }

    public override Task PingAsync(CancellationToken cancellationToken = default) => Failure is { } failure ? Task.FromException(failure) : Task.CompletedTask;
}
