namespace AkkaDurable.Placement.Internal.Control;

/// <summary>One replicated fact. Of two entries with one key the one with the later version holds, whoever has which.</summary>
/// <param name="Key">Such as <c>drain|ADDRESS#UID</c> or <c>move|TYPE|SHARD</c>.</param>
/// <param name="Value">What it says; empty when it is taken back.</param>
/// <param name="At">When it was said, in ticks of UTC; of later words of one node each is greater.</param>
/// <param name="By">Who said it; settles ties.</param>
internal sealed record StateEntry(string Key, string Value, long At, string By)
{
    public bool IsLaterThan(StateEntry other) => At != other.At ? At > other.At : string.CompareOrdinal(By, other.By) > 0;
}
