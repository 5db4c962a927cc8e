using System.Text.Json.Serialization;

namespace ChatRooms;

/// <summary>What a visitor of a room is told, as JSON with a <c>type</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Written), "line")]
[JsonDerivedType(typeof(Present), "present")]
[JsonDerivedType(typeof(Came), "came")]
[JsonDerivedType(typeof(Went), "went")]
[JsonDerivedType(typeof(Said), "said")]
[JsonDerivedType(typeof(Refused), "refused")]
public abstract record RoomEvent;

/// <summary>A line; each comes once, in the order of the numbers.</summary>
public sealed record Written(long Number, string Name, string Text, DateTimeOffset At) : RoomEvent;

/// <summary>Who is there, in place of all that was told of it before.</summary>
public sealed record Present(IReadOnlyList<Visitor> Visitors) : RoomEvent;

/// <summary>Somebody came.</summary>
public sealed record Came(Visitor Visitor) : RoomEvent;

/// <summary>Somebody is gone.</summary>
public sealed record Went(string Id, string Reason) : RoomEvent;

/// <summary>To who said something by web socket: it is stored.</summary>
public sealed record Said(string Id, long Number) : RoomEvent;

/// <summary>To who said something by web socket: it is not known to be stored. To say it again with the same id never stores it twice.</summary>
public sealed record Refused(string Id, string Reason, bool Again) : RoomEvent;

/// <summary>Somebody in a room, by a connection to a node.</summary>
public sealed record Visitor(string Id, string Name, string Node);
