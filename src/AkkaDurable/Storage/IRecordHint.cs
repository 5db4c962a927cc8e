namespace AkkaDurable.Storage;

/// <summary>
/// A place with the owner of a record where the store may note a number that makes the owner's next save cheaper, such as where in the database the record lies. What is noted means nothing to anybody else, and
/// it is only a hint: a store must check what it finds there, and do without when it is wrong or 0.
/// </summary>
/// <remarks>A store writes it from any thread, before the claim or save to which it was handed ends; or later, when its caller has given up. So <see cref="Value"/> must be safe for concurrent use. Hand a hint only to operations on one record.</remarks>
public interface IRecordHint
{
    /// <summary>What the store noted, or 0 when it has noted nothing.</summary>
    long Value { get; set; }
}
