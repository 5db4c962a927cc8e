namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>
/// Tells callers how their writes ended. What they do next must not hold up the next group, so it runs on the thread pool; and that of several of them in one go, where that is safe, since a trip through the pool costs as
/// much as what a server does next.
/// </summary>
internal sealed class HandBack : IThreadPoolWorkItem
{
    // Few enough that all processors share a group.
    private const int MaxTogether = 16;

    private readonly List<WriteOperation> _operations = new(MaxTogether);
    private readonly WriteFailure? _failure;

    private HandBack(WriteFailure? failure) => _failure = failure;

    /// <summary>Hands their outcomes, or a failure, to the callers. The list may be used again at once.</summary>
    public static void Start(List<WriteOperation> operations, WriteFailure? failure = null)
    {
        HandBack? together = null;
        foreach (var operation in operations)
        {
            if (!operation.IsAwaitedBarely)
            {
                End(operation, failure, here: false);
                continue;
            }

            together ??= new HandBack(failure);
            together._operations.Add(operation);
            if (together._operations.Count == MaxTogether)
            {
                ThreadPool.UnsafeQueueUserWorkItem(together, preferLocal: false);
                together = null;
            }
        }

        if (together is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(together, preferLocal: false);
        }
    }

    public void Execute()
    {
        foreach (var operation in _operations)
        {
            End(operation, _failure, here: true);
        }
    }

    private static void End(WriteOperation operation, WriteFailure? failure, bool here)
    {
        if (failure is null)
        {
            operation.Complete(here);
        }
        else
        {
            operation.Fail(failure.ToException(), here);
        }
    }
}
