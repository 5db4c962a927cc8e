using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests.Groups;

/// <summary>A store whose saves of one key wait, and then end well or badly.</summary>
internal sealed class HeldStore(IStateStore inner) : DelegatingStateStore(inner)
{
    private volatile TaskCompletionSource<bool>? _hold;

    public string Key { get; init; } = "";

    public int Held;

    public TaskCompletionSource<bool> Hold() => _hold = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async ValueTask<SaveOutcome> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default)
    {
        if (request.Id.Key == Key && _hold is { } hold)
        {
            Interlocked.Increment(ref Held);
            if (!await hold.Task)
            {
                _hold = null;
                throw new StoreUnavailableException("the save was refused");
            }
        }

        return await base.SaveAsync(request, cancellationToken);
    }
}
