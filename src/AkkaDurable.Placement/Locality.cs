using AkkaDurable.Placement.Internal.Locations;

namespace AkkaDurable.Placement;

/// <summary>How near to its former place a shard has to stay: on the same machine, in the same zone or region, or on a node with the same value of a label. Immutable and safe for concurrent use.</summary>
public sealed class Locality : IEquatable<Locality>
{
    private readonly string _name;
    private readonly bool _isLabel;

    private Locality(string name, bool isLabel)
    {
        _name = name;
        _isLabel = isLabel;
    }

    /// <summary>The same machine of the same region. Nodes without a machine match none.</summary>
    public static Locality Machine { get; } = new("machine", isLabel: false);

    /// <summary>The same zone of the same region. Nodes without a zone match none.</summary>
    public static Locality Zone { get; } = new("zone", isLabel: false);

    /// <summary>The same region: the shard's home region if it has one, else the one where it was placed first.</summary>
    public static Locality Region { get; } = new("region", isLabel: false);

    /// <summary>A node with the same value of a label (see <see cref="NodeLocation.Labels"/>). Nodes without the label match none.</summary>
    /// <param name="name">The label's name: 1 to 64 ASCII letters, digits, '-', '_'.</param>
    /// <returns>The locality.</returns>
    /// <exception cref="ArgumentException">The name breaks the rule.</exception>
    public static Locality Label(string name) =>
        LocationRule.IsLabelName(name)
            ? new Locality(name, isLabel: true)
            : throw new ArgumentException($"The label name '{name}' is not allowed: it is 1 to {LocationRule.MaxPart} ASCII letters, digits, '-' and '_'.", nameof(name));

    /// <summary>The label's name, or null if it is not about a label.</summary>
    public string? LabelName => _isLabel ? _name : null;

    /// <summary>Whether two localities are the same.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>True if they are.</returns>
    public bool Equals(Locality? other) => other is not null && _isLabel == other._isLabel && _name == other._name;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Locality);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_name, _isLabel);

    /// <summary>The locality for people.</summary>
    /// <returns><c>machine</c>, <c>zone</c>, <c>region</c> or <c>label NAME</c>.</returns>
    public override string ToString() => _isLabel ? $"label {_name}" : _name;

    /// <summary>Whether a node is as near to the former place as this asks for.</summary>
    internal bool Matches(NodeLocation node, NodeLocation former, string region)
    {
        if (_isLabel)
        {
            return node.Labels.TryGetValue(_name, out var value) && former.Labels.TryGetValue(_name, out var was) && value == was;
        }

        if (ReferenceEquals(this, Region))
        {
            return node.Region == region;
        }

        if (node.Region != former.Region)
        {
            return false;
        }

        return ReferenceEquals(this, Zone) ? node.Zone is not null && node.Zone == former.Zone : node.Machine is not null && node.Machine == former.Machine;
    }
}
