namespace AkkaDurable.Management;

/// <summary>What the values of an argument are.</summary>
public enum CommandValueType
{
    /// <summary>Any text without control characters, up to 4,096 characters.</summary>
    Text = 0,

    /// <summary>A whole number.</summary>
    Integer = 1,

    /// <summary>A time span: <c>500ms</c>, <c>5s</c>, <c>2m</c>, <c>1h</c> or <c>00:00:05</c>.</summary>
    Duration = 2,

    /// <summary>Set when its switch is there; takes no value.</summary>
    Flag = 3,

    /// <summary>One of <see cref="CommandArgument.Choices"/>, in any case.</summary>
    Choice = 4,

    /// <summary>A JSON text.</summary>
    Json = 5,
}
