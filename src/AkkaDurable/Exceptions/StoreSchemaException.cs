namespace AkkaDurable;

/// <summary>What was found in the database was not made by this package, or by a newer version of it. It was left untouched.</summary>
public sealed class StoreSchemaException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was found, what was expected, and what to do.</param>
    public StoreSchemaException(string message)
        : base(message)
    {
    }
}
