namespace AkkaDurable.Internal.Calls;

/// <summary>What went wrong, as it crosses the wire. The numbers never change.</summary>
internal enum FailureKind
{
    UnknownMessage = 1,
    HandlerFailed = 2,
    ReplyMismatch = 3,
    ReplyNotSerializable = 4,
    MessageTooLarge = 5,
    MessageNotSerializable = 6,
    MessageRejected = 7,
    SaveFailed = 8,
    OwnershipLost = 9,
    StateTooLarge = 10,
    StateNotSerializable = 11,
    StateVersion = 12,
    StateCorrupt = 13,
    Stopped = 14,
    Cordoned = 15,
    Crashed = 16,
    Ignored = 17,
    InitFailed = 18,
    AlreadyRunning = 19,
    Overloaded = 20,
    Restarted = 21,
    Stopping = 22,
    StoreUnavailable = 23,
    MessageNotDeclared = 24,
    OutcomeUnknown = 25,
    PlacementUnavailable = 26,
    CapacityExceeded = 27,

    /// <summary>No end of the call: it waits in the queue of a server whose type is held, and is not handled until its caller has been told of it by <see cref="LetGo"/>.</summary>
    Held = 28,

    /// <summary>No end of the call either: it waits no more, and did not run. Whoever still wants an answer sends it again.</summary>
    LetGo = 29,
}
