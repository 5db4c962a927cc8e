using System.Runtime.InteropServices;

namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>
/// Tells callers how their writes ended: on the thread pool, since what they do next must not hold up the next group, and several of them in one go, since a trip through the pool costs as much as what most of them do next.
/// </summary>
internal sealed class HandBack : IThreadPoolWorkItem
{
    // Few enough that all processors share a group.
    private const int MaxTogether = 16;

    private readonly WriteOperation[] _operations;
    private readonly WriteFailure? _failure;

    private HandBack(WriteOperation[] operations, WriteFailure? failure)
    {
        _operations = operations;
        _failure = failure;
    }

    /// <summary>Hands their outcomes, or a failure, to the callers. The list may be used again at once.</summary>
    public static void Start(List<WriteOperation> operations, WriteFailure? failure = null)
    {
        var rest = CollectionsMarshal.AsSpan(operations);
        while (!rest.IsEmpty)
        {
            var together = Math.Min(rest.Length, MaxTogether);
            ThreadPool.UnsafeQueueUserWorkItem(new HandBack(rest[..together].ToArray(), failure), preferLocal: false);
            rest = rest[together..];
        }
    }

    public void Execute()
    {
        foreach (var operation in _operations)
        {
            if (_failure is null)
            {
                operation.Complete();
            }
            else
            {
                operation.Fail(_failure.ToException());
            }
        }
    }
}
