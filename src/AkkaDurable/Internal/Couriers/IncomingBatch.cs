using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Couriers;

/// <summary>A batch as it came over the wire. Its entries are read one by one, so that a bad one harms no other.</summary>
internal sealed record IncomingBatch(ReadOnlyMemory<byte> Bytes) : IWireMessage;
