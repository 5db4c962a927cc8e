namespace AkkaDurable.Management;

/// <summary>Why a command was refused or ended without doing what it was asked.</summary>
public enum CommandErrorKind
{
    /// <summary>There is no such palette.</summary>
    UnknownPalette = 0,

    /// <summary>The palette has no such verb.</summary>
    UnknownVerb = 1,

    /// <summary>The verb has no such argument.</summary>
    UnknownArgument = 2,

    /// <summary>A word stands where a switch is expected.</summary>
    UnexpectedWord = 3,

    /// <summary>An argument that must be given is not.</summary>
    MissingArgument = 4,

    /// <summary>A switch is the last word, but takes a value.</summary>
    MissingValue = 5,

    /// <summary>An argument that may be given once is given more often.</summary>
    RepeatedArgument = 6,

    /// <summary>A value breaks its argument's rule.</summary>
    InvalidValue = 7,

    /// <summary>The server, type, shard, node or tree that the command is about does not exist.</summary>
    NotFound = 8,

    /// <summary>What was asked for is not possible as things are.</summary>
    Refused = 9,

    /// <summary>Something that the command needs did not answer: the store, a coordinator, another node. It may have been done all the same.</summary>
    Unavailable = 10,
}
