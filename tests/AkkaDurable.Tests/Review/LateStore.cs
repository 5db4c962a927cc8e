using AkkaDurable.Storage;

namespace AkkaDurable.Tests.Review;

/// <summary>A store in memory whose claims and saves end when the test says so.</summary>
internal sealed class LateStore() : DelegatingStateStore(new InMemoryStateStore())
{
    private readonly Queue<TaskCompletionSource<SaveOutcome>> _late = new();

    public TaskCompletionSource? Until { get; set; }

    /// <summary>One of the next saves, in turn, is ended by the test, and stores nothing.</summary>
    public TaskCompletionSource<SaveOutcome> AnswerLate()
    {
        _late.Enqueue(new());
        return _late.Last();
    }

    public override async ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken = default)
    {
        await (Until?.Task ?? Task.CompletedTask);
        return await Inner.ClaimAsync(request, cancellationToken);
    }

    public override ValueTask<SaveOutcome> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default) =>
        _late.TryDequeue(out var late) ? new(late.Task) : Inner.SaveAsync(request, cancellationToken);
}
