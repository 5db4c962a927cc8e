using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AkkaDurable.Placement;

/// <summary>
/// Where a shard may go when its owner is lost, and after how long: a ladder of levels. The first level is open at once, each further one after the holds of the levels before it; levels that are open stay open.
/// Immutable and safe for concurrent use.
/// </summary>
/// <example><c>PlacementPolicy.StickTo(Locality.Machine, hold: TimeSpan.FromSeconds(10)).ThenTo(Locality.Region, hold: TimeSpan.FromSeconds(20)).ThenAnywhere()</c></example>
/// <remarks>
/// A hold is for an owner that was lost and may come back. A node that leaves the cluster in order, or is drained, says that it does not: then all levels of the policy are open at once. Without
/// <see cref="ThenAnywhere"/> the shard is pinned: it never leaves the last level.
/// </remarks>
public sealed class PlacementPolicy : IEquatable<PlacementPolicy>
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(365);

    private PlacementPolicy(ImmutableArray<PlacementLevel> levels, bool endsAnywhere)
    {
        Levels = levels;
        EndsAnywhere = endsAnywhere;
    }

    /// <summary>Any node at once; the shard's home region is preferred, not waited for.</summary>
    public static PlacementPolicy Anywhere { get; } = new([], endsAnywhere: true);

    /// <summary>The levels, the nearest first.</summary>
    public ImmutableArray<PlacementLevel> Levels { get; }

    /// <summary>Whether any node may take the shard after all holds. If not, the shard is pinned to the last level.</summary>
    public bool EndsAnywhere { get; }

    /// <summary>Begins a policy with its nearest level.</summary>
    /// <param name="locality">How near.</param>
    /// <param name="hold">How long only this level is open: zero to 365 days, or <see cref="Timeout.InfiniteTimeSpan"/> for good.</param>
    /// <returns>A policy pinned to this level, until <see cref="ThenTo"/> or <see cref="ThenAnywhere"/> adds to it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The hold is out of range.</exception>
    public static PlacementPolicy StickTo(Locality locality, TimeSpan hold) => Anywhere.With(locality, hold, nameof(hold));

    /// <summary>Adds a level that opens after the holds of those before it.</summary>
    /// <param name="locality">How near; a locality that the policy does not have yet.</param>
    /// <param name="hold">How long this level is open before the next one opens: zero to 365 days, or <see cref="Timeout.InfiniteTimeSpan"/> for good.</param>
    /// <returns>The new policy, pinned to this level unless more is added.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The hold is out of range.</exception>
    /// <exception cref="ArgumentException">The policy has this locality already.</exception>
    /// <exception cref="InvalidOperationException">The policy already ends anywhere, or its last level holds for good, so that this one would never open.</exception>
    public PlacementPolicy ThenTo(Locality locality, TimeSpan hold)
    {
        RequireOpenEnd();
        return With(locality, hold, nameof(hold));
    }

    /// <summary>Adds the last level: any node.</summary>
    /// <returns>The new policy.</returns>
    /// <exception cref="InvalidOperationException">The policy already ends anywhere, or its last level holds for good.</exception>
    public PlacementPolicy ThenAnywhere()
    {
        RequireOpenEnd();
        return new PlacementPolicy(Levels, endsAnywhere: true);
    }

    /// <summary>Whether two policies have the same levels and the same end.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>True if they have.</returns>
    public bool Equals(PlacementPolicy? other) => other is not null && EndsAnywhere == other.EndsAnywhere && Levels.AsSpan().SequenceEqual(other.Levels.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PlacementPolicy);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(EndsAnywhere);
        foreach (var level in Levels)
        {
            hash.Add(level);
        }

        return hash.ToHashCode();
    }

    /// <summary>The policy in one line, for people.</summary>
    /// <returns>Such as <c>machine for 10 s, then region for 20 s, then anywhere</c>.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var i = 0; i < Levels.Length; i++)
        {
            text.Append(i == 0 ? "" : ", then ").Append(Levels[i].Locality);
            if (i < Levels.Length - 1 || EndsAnywhere)
            {
                text.Append(CultureInfo.InvariantCulture, $" for {Levels[i].Hold.TotalSeconds:0.###} s");
            }
        }

        return EndsAnywhere ? text.Append(Levels.Length == 0 ? "anywhere" : ", then anywhere").ToString() : text.Append(" only").ToString();
    }

    /// <summary>How long after the loss of the owner a level opens; the level after the last is "anywhere".</summary>
    internal TimeSpan OpensAfter(int level)
    {
        var sum = TimeSpan.Zero;
        for (var i = 0; i < level; i++)
        {
            sum += Levels[i].Hold;
        }

        return sum;
    }

    private PlacementPolicy With(Locality locality, TimeSpan hold, string name)
    {
        ArgumentNullException.ThrowIfNull(locality);
        if (hold != Timeout.InfiniteTimeSpan && (hold < TimeSpan.Zero || hold > s_longest))
        {
            throw new ArgumentOutOfRangeException(name, hold, "A hold is zero to 365 days, or Timeout.InfiniteTimeSpan.");
        }

        return Levels.Any(level => level.Locality.Equals(locality))
            ? throw new ArgumentException($"The policy has the level '{locality}' already.", nameof(locality))
            : new PlacementPolicy(Levels.Add(new PlacementLevel(locality, hold)), endsAnywhere: false);
    }

    private void RequireOpenEnd()
    {
        if (EndsAnywhere)
        {
            throw new InvalidOperationException("The policy already ends anywhere; nothing can come after that.");
        }

        if (Levels[^1].Hold == Timeout.InfiniteTimeSpan)
        {
            throw new InvalidOperationException($"The level '{Levels[^1].Locality}' holds for good, so no level after it would ever open.");
        }
    }
}
