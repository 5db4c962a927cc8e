namespace AkkaDurable.Process.Tests.Regions;

/// <summary>An acknowledged change.</summary>
/// <param name="Region">The caller's.</param>
/// <param name="Count">How many changes of the key were counted with it.</param>
/// <param name="SentAt">When it was first sent, by <see cref="TimeProvider.GetTimestamp"/>.</param>
/// <param name="At">When it was known.</param>
internal sealed record Acknowledgement(string Region, long Count, long SentAt, long At);
