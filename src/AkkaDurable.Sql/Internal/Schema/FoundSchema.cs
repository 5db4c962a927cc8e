using System.Globalization;

namespace AkkaDurable.Sql.Internal.Schema;

/// <summary>What the database holds under our names.</summary>
/// <param name="Columns">The columns of each of our tables that exists, by the name of the table.</param>
/// <param name="Product">Whose tables these are, by the marker; <see langword="null"/> when there is no readable marker.</param>
/// <param name="Version">The version of the marker; 0 without one.</param>
internal sealed record FoundSchema(IReadOnlyDictionary<string, IReadOnlySet<string>> Columns, string? Product, int Version)
{
    /// <summary>The columns that a marker needs to be readable.</summary>
    public static IReadOnlyList<string> MarkerColumns { get; } = ["product", "version"];

    /// <summary>Takes the row of the marker as texts, as a table that is not ours may hold anything.</summary>
    public static FoundSchema WithMarker(IReadOnlyDictionary<string, IReadOnlySet<string>> columns, string? product, string? version) =>
        int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new FoundSchema(columns, product, number)
            : new FoundSchema(columns, null, 0);
}
