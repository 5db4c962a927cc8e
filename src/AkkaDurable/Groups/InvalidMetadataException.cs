namespace AkkaDurable;

/// <summary>Metadata of a server or of a member of a group is too large: it has at most 64 entries and 8 KiB of UTF-8, names and values together, and nothing in it is <see langword="null"/>.</summary>
public sealed class InvalidMetadataException : ArgumentException
{
    internal InvalidMetadataException(string message)
        : base(message, "meta")
    {
    }
}
