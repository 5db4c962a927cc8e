namespace AkkaDurable.Management.Internal.Dashboard;

/// <param name="Bytes">What it holds.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="ETag">Names its content.</param>
internal sealed record PageFile(ReadOnlyMemory<byte> Bytes, string ContentType, string ETag);
