namespace AkkaDurable;

/// <summary>Which stored servers of a type to list or to count. All that is set must fit.</summary>
public sealed record ServerFilter
{
    /// <summary>Only keys that start with this text.</summary>
    /// <value>The default is <see langword="null"/>: all keys.</value>
    public string? KeyPrefix { get; init; }

    /// <summary>Only servers with this status.</summary>
    /// <value>The default is <see langword="null"/>: any status.</value>
    public ServerStatus? Status { get; init; }

    /// <summary>Only servers that run, or ran last, on a node of this region.</summary>
    /// <value>The default is <see langword="null"/>: any region.</value>
    public string? Region { get; init; }

    /// <summary>Only servers that run, or ran last, on this node: an address such as <c>akka.tcp://shop@10.0.0.7:8110</c>.</summary>
    /// <value>The default is <see langword="null"/>: any node.</value>
    public string? Node { get; init; }

    /// <summary>Only servers that are permanent, or only such that are not.</summary>
    /// <value>The default is <see langword="null"/>: both.</value>
    public bool? IsPermanent { get; init; }
}
