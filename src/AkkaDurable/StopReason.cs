namespace AkkaDurable;

/// <summary>Why a server stops. It decides the stored status and whether the server comes back by itself.</summary>
public sealed record StopReason
{
    private StopReason(string name, ServerStatus status, Exception? exception = null)
    {
        Name = name;
        Status = status;
        Exception = exception;
    }

    /// <summary>Done for now. The final state is saved; the next message starts the server again.</summary>
    public static StopReason Normal { get; } = new("normal", ServerStatus.StoppedGraceful);

    /// <summary>Told to stop: idle, evicted, handed over to another node, or the node shuts down. The final state is saved; the next message starts the server again.</summary>
    public static StopReason Shutdown { get; } = new("shutdown", ServerStatus.StoppedGraceful);

    /// <summary>Stopped for good: the final state is saved, and messages are refused with <see cref="ServerStoppedException"/> until <see cref="ServerRef.StartAsync"/>.</summary>
    public static StopReason Permanent { get; } = new("permanent", ServerStatus.StoppedPermanent);

    /// <summary>Stopped and cordoned: the final state is saved, and messages and starts are refused with <see cref="ServerCordonedException"/> until <see cref="ServerRef.UncordonAsync"/>.</summary>
    public static StopReason Cordon { get; } = new("cordon", ServerStatus.Cordoned);

    /// <summary>The record is deleted. The next message starts a new server under the same key, with its initial state.</summary>
    public static StopReason Delete { get; } = new("delete", ServerStatus.Deleting);

    /// <summary>Ended by an error, which counts as a crash. Nothing is saved; the next message starts the server again from its stored state.</summary>
    /// <param name="exception">The error.</param>
    /// <returns>The reason.</returns>
    public static StopReason Error(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new("error", ServerStatus.Crashed, exception);
    }

    /// <summary>The reason's name: <c>normal</c>, <c>shutdown</c>, <c>permanent</c>, <c>cordon</c>, <c>delete</c> or <c>error</c>.</summary>
    public string Name { get; }

    /// <summary>The error, when the reason is one.</summary>
    public Exception? Exception { get; }

    internal ServerStatus Status { get; }

    /// <summary>Renders the name and, for an error, its type and message.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Exception is null ? Name : $"{Name} ({Exception.GetType().Name}: {Exception.Message})";
}
