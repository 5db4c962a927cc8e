namespace AkkaDurable;

/// <summary>A key breaks the rule for keys: 1 to 512 UTF-8 bytes, not only white space, no control characters, no lone surrogates.</summary>
public sealed class InvalidKeyException : ArgumentException
{
    internal InvalidKeyException(string message)
        : base(message, "key")
    {
    }
}
