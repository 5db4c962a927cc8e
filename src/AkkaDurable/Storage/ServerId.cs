namespace AkkaDurable.Storage;

/// <summary>The one global identity of a server: its type's registered name and its key.</summary>
/// <param name="ServerType">The name the server type was registered under, for example <c>counter</c>.</param>
/// <param name="Key">The key of the server within its type: 1 to 512 UTF-8 bytes, no control characters. Compared ordinally.</param>
public readonly record struct ServerId(string ServerType, string Key)
{
    /// <summary>Renders <c>type/key</c> for logs and messages; not meant to be parsed.</summary>
    /// <returns>The type and the key, separated by a slash.</returns>
    public override string ToString() => $"{ServerType}/{Key}";
}
