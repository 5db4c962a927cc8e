using AkkaDurable.Internal.Wire;

namespace AkkaDurable.Internal.Couriers;

/// <summary>What an entry of a batch holds: the field numbers of <c>BatchEntry</c> in WireMessages.proto.</summary>
internal enum EntryKind
{
    Call = 1,
    Cast = 2,
    Control = 3,
    Reply = 4,

    /// <summary>Sent back by a node that does not run the server type (any more).</summary>
    ReturnedCall = 5,
    ReturnedCast = 6,
    ReturnedControl = 7,
}

internal static class EntryKinds
{
    private const int ReturnedOffset = EntryKind.ReturnedCall - EntryKind.Call;

    public static bool IsReturned(this EntryKind kind) => kind is EntryKind.ReturnedCall or EntryKind.ReturnedCast or EntryKind.ReturnedControl;

    /// <summary>The kind of a call, cast or control message on its way back.</summary>
    public static EntryKind Returned(this EntryKind kind) => kind + ReturnedOffset;

    /// <summary>How the message in the entry is read, or null for a kind that this version does not know.</summary>
    public static string? Manifest(this EntryKind kind) => kind switch
    {
        EntryKind.Call or EntryKind.ReturnedCall => WireSerializer.CallManifest,
        EntryKind.Cast or EntryKind.ReturnedCast => WireSerializer.CastManifest,
        EntryKind.Control or EntryKind.ReturnedControl => WireSerializer.ControlManifest,
        EntryKind.Reply => WireSerializer.ReplyManifest,
        _ => null,
    };
}
