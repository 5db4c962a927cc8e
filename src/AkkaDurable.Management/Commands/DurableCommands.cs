using AkkaDurable.Management.Internal.Palettes;

namespace AkkaDurable.Management;

/// <summary>The commands that AkkaDurable brings.</summary>
public static class DurableCommands
{
    /// <summary>The palettes <c>cluster</c>, <c>cluster-sharding</c>, <c>servers</c>, <c>placement</c>, <c>groups</c>, <c>tree</c>, <c>system</c> and <c>log</c>.</summary>
    public static IReadOnlyList<CommandPalette> Palettes { get; } = [.. BuiltIn.Palettes()];

    /// <summary>A catalog of these palettes, and of others.</summary>
    /// <param name="more">The app's own palettes.</param>
    /// <returns>The catalog.</returns>
    /// <exception cref="ArgumentException">Two palettes have the same name.</exception>
    public static CommandCatalog CatalogWith(params IEnumerable<CommandPalette> more) => new(Palettes.Concat(more));
}
