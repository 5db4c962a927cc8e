namespace AkkaDurable.Internal.Calls;

/// <summary>A failure on its way to a caller: data, since exceptions neither cross the wire nor may be thrown twice.</summary>
internal sealed record CallFailure(FailureKind Kind, string Message)
{
    /// <summary>Only for the kinds that can end either way.</summary>
    public CallOutcome Outcome { get; init; }

    /// <summary>A size or version that the exception shows.</summary>
    public long Actual { get; init; }

    /// <summary>The limit or version that it was measured against.</summary>
    public long Expected { get; init; }

    /// <summary>The call's id, for <see cref="OutcomeUnknownException"/>.</summary>
    public string CallId { get; init; } = "";

    /// <summary>The crashes of a server that does not start any more.</summary>
    public IReadOnlyList<ServerCrash> Crashes { get; init; } = [];

    /// <summary>The original exception; stays in the process.</summary>
    public Exception? Cause { get; init; }

    /// <summary>Whether the call reached the handlers, before which it is looked up whether it ran already.</summary>
    public bool IsOfHandler => Kind is FailureKind.UnknownMessage or FailureKind.HandlerFailed or FailureKind.ReplyMismatch or FailureKind.ReplyNotSerializable or FailureKind.StateTooLarge
        or FailureKind.StateNotSerializable or FailureKind.SaveFailed or FailureKind.OutcomeUnknown;

    public DurableServerException ToException(string serverType, string key) => Kind switch
    {
        FailureKind.UnknownMessage => new UnknownMessageException(serverType, key, Message),
        FailureKind.HandlerFailed => new HandlerFailedException(serverType, key, Message, Cause),
        FailureKind.ReplyMismatch => new ReplyMismatchException(serverType, key, Message),
        FailureKind.ReplyNotSerializable => new ReplyNotSerializableException(serverType, key, Message, Cause),
        FailureKind.MessageTooLarge => new MessageTooLargeException(serverType, key, Message) { Size = Actual, Limit = Expected },
        FailureKind.MessageNotSerializable => new MessageNotSerializableException(serverType, key, Message, Cause),
        FailureKind.MessageNotDeclared => new MessageNotDeclaredException(serverType, key, Message),
        FailureKind.MessageRejected => new MessageRejectedException(serverType, key, Message, Cause),
        FailureKind.SaveFailed => new SaveFailedException(serverType, key, Message, Cause),
        FailureKind.OwnershipLost => new OwnershipLostException(serverType, key, Message),
        FailureKind.StateTooLarge => new StateTooLargeException(serverType, key, Message) { Size = Actual, Limit = Expected },
        FailureKind.StateNotSerializable => new StateNotSerializableException(serverType, key, Message, Cause),
        FailureKind.StateVersion => new StateVersionException(serverType, key, Message) { StoredVersion = Actual, CodeVersion = Expected },
        FailureKind.StateCorrupt => new StateCorruptException(serverType, key, Message, Cause),
        FailureKind.Stopped => new ServerStoppedException(serverType, key, Message),
        FailureKind.Cordoned => new ServerCordonedException(serverType, key, Message),
        FailureKind.Crashed => new ServerCrashedException(serverType, key, Message) { Crashes = Crashes },
        FailureKind.Ignored => new ServerIgnoredException(serverType, key, Message),
        FailureKind.InitFailed => new InitFailedException(serverType, key, Message, Cause),
        FailureKind.AlreadyRunning => new ServerAlreadyRunningException(serverType, key, Message),
        FailureKind.Overloaded => new OverloadedException(serverType, key, Message),
        FailureKind.Restarted => new ServerRestartedException(serverType, key, Outcome, Message),
        FailureKind.Stopping => new ServerStoppingException(serverType, key, Outcome, Message),
        FailureKind.StoreUnavailable => new StoreUnavailableException(serverType, key, Message, Cause),
        FailureKind.Held or FailureKind.LetGo => new PlacementUnavailableException(serverType, key, Message),
        FailureKind.PlacementUnavailable => new PlacementUnavailableException(serverType, key, Message) { RetryAfter = Actual < 0 ? null : TimeSpan.FromMilliseconds(Actual) },
        FailureKind.CapacityExceeded => new CapacityExceededException(serverType, key, Message),
        FailureKind.OutcomeUnknown => new OutcomeUnknownException(serverType, key, CallId, Message),
        _ => new MessageRejectedException(serverType, key, $"The reply has the unknown failure kind {(int)Kind}: {Message}"),
    };
}
