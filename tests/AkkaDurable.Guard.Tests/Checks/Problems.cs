namespace AkkaDurable.Guard.Tests.Checks;

internal static class Problems
{
    /// <summary>Fails with every problem in the message, not only the first.</summary>
    public static void AssertNone(IEnumerable<string?> problems)
    {
        var found = problems.OfType<string>().ToArray();
        Assert.True(found.Length == 0, $"{found.Length} found:\n{string.Join('\n', found)}");
    }
}
