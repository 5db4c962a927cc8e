namespace AkkaDurable;

/// <summary>The name of a group or of a named cluster breaks the rule: 1 to 512 UTF-8 bytes, not only white space, no control characters, no lone surrogates. A group that is joined or dispatched to does not end in "/".</summary>
public sealed class InvalidGroupException : ArgumentException
{
    internal InvalidGroupException(string message, string parameter)
        : base(message, parameter)
    {
    }
}
