namespace AkkaDurable.Supervision;

/// <summary>A spec that a supervisor refuses, told by child and field.</summary>
public sealed class InvalidChildSpecException : ArgumentException
{
    internal InvalidChildSpecException(string path, string field, string problem)
        : base($"{path}: {field} {problem}")
    {
        Path = path;
        Field = field;
    }

    /// <summary>The child's id, after those of the supervisors above it.</summary>
    public string Path { get; }

    /// <summary>The name of the property that is wrong.</summary>
    public string Field { get; }
}
