namespace AkkaDurable.Internal.Couriers;

/// <summary>
/// Goes through the entries of a batch without copying them. It reads what the <c>Batch</c> message of WireMessages.proto says, fields that are new to this version included, which it skips.
/// </summary>
internal ref struct BatchReader(ReadOnlySpan<byte> batch)
{
    private const int EntryField = 1;

    private ReadOnlySpan<byte> _rest = batch;

    /// <summary>Why the reading ended before the batch did; null if it did not. What was read up to there is good.</summary>
    public string? Defect { get; private set; }

    /// <summary>The next entry, or false at the end. One whose inside cannot be read, or holds nothing that this version knows, is of kind 0.</summary>
    public bool TryRead(out EntryKind kind, out ReadOnlySpan<byte> body)
    {
        while (!_rest.IsEmpty && Defect is null)
        {
            Defect = ReadField(ref _rest, out var field, out var content);
            if (Defect is null && field == EntryField)
            {
                ReadEntry(content, out kind, out body);
                return true;
            }
        }

        kind = 0;
        body = default;
        return false;
    }

    private static void ReadEntry(ReadOnlySpan<byte> entry, out EntryKind kind, out ReadOnlySpan<byte> body)
    {
        kind = 0;
        body = default;
        while (!entry.IsEmpty)
        {
            if (ReadField(ref entry, out var field, out var content) is not null)
            {
                // The entry's frame is whole, so the next one can be read.
                kind = 0;
                return;
            }

            if (field is >= (int)EntryKind.Call and <= (int)EntryKind.ReturnedControl)
            {
                // Of several, the last one counts: so protobuf has it.
                kind = (EntryKind)field;
                body = content;
            }
        }
    }

    // Says what is wrong, or null. A field that is no byte string is none of ours, and given as field 0.
    private static string? ReadField(scoped ref ReadOnlySpan<byte> rest, out int field, out ReadOnlySpan<byte> content)
    {
        field = 0;
        content = default;
        if (!TryReadVarint(ref rest, out var tag) || tag >> 3 is 0 or > 0x1FFF_FFFF)
        {
            return "a tag cannot be read";
        }

        ulong length;
        switch (tag & 7)
        {
            case 0 when TryReadVarint(ref rest, out _):
                length = 0;
                break;
            case 1:
                length = 8;
                break;
            case 2 when TryReadVarint(ref rest, out length):
                break;
            case 5:
                length = 4;
                break;
            default:
                return $"a field of type {tag & 7} cannot be read";
        }

        if (length > (ulong)rest.Length)
        {
            return $"a field of {length} bytes has only {rest.Length}";
        }

        if ((tag & 7) == 2)
        {
            field = (int)(tag >> 3);
            content = rest[..(int)length];
        }

        rest = rest[(int)length..];
        return null;
    }

    private static bool TryReadVarint(scoped ref ReadOnlySpan<byte> rest, out ulong value)
    {
        value = 0;
        for (var i = 0; i < rest.Length && i < 10; i++)
        {
            value |= (ulong)(rest[i] & 0x7F) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
