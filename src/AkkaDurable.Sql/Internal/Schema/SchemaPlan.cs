namespace AkkaDurable.Sql.Internal.Schema;

/// <summary>Decides what has to be done to the tables, and refuses what is not ours.</summary>
internal static class SchemaPlan
{
    /// <summary>Written into the marker table; never changes.</summary>
    public const string Product = "AkkaDurable";

    /// <returns>The steps to run; none when everything is there.</returns>
    /// <exception cref="StoreSchemaException">What was found must not be touched.</exception>
    public static IReadOnlyList<Migration> Decide(FoundSchema found, IReadOnlyList<Migration> migrations, TableNames tables, bool autoCreate, string database)
    {
        if (found.Columns.Count > 0)
        {
            RefuseForeign(found, migrations, tables, database);
        }

        var missing = migrations.Where(migration => migration.Version > found.Version).ToList();
        if (missing.Count > 0 && !autoCreate)
        {
            throw new StoreSchemaException(
                $"The tables {tables.Servers.Name}, {tables.Types.Name} and {tables.Marker.Name} in {database} have schema version {found.Version} (0: they do not exist); "
                + $"version {migrations[^1].Version} is needed and SqlStateStoreOptions.AutoCreate is off. Start once with AutoCreate on, as a user who may create tables.");
        }

        return missing;
    }

    private static void RefuseForeign(FoundSchema found, IReadOnlyList<Migration> migrations, TableNames tables, string database)
    {
        if (found.Product != Product)
        {
            var whose = found.Product is null ? $"there is no readable marker in {tables.Marker.Name}" : $"the marker in {tables.Marker.Name} names another product";
            throw Foreign(found.Columns.Keys.Order(StringComparer.Ordinal).First(), whose, database);
        }

        var latest = migrations[^1].Version;
        if (found.Version > latest)
        {
            throw new StoreSchemaException(
                $"The tables in {database} were made by a newer version of AkkaDurable: schema version {found.Version}, this one knows versions up to {latest}. "
                + "Nothing was changed. Update the packages of this application.");
        }

        var ours = migrations.Where(migration => migration.Version <= found.Version).SelectMany(migration => migration.Columns).ToList();
        if (found.Columns.Keys.Except(ours.Select(entry => entry.Key)).Order(StringComparer.Ordinal).FirstOrDefault() is { } inTheWay)
        {
            throw Foreign(inTheWay, $"schema version {found.Version} has no such table", database);
        }

        foreach (var (table, columns) in ours)
        {
            var present = found.Columns.GetValueOrDefault(table);
            if (columns.FirstOrDefault(column => present is null || !present.Contains(column)) is { } missing)
            {
                throw Foreign(table, present is null ? "the table is missing though the marker is there" : $"it has no column {missing}", database);
            }
        }
    }

    private static StoreSchemaException Foreign(string table, string why, string database) => new(
        $"The table {table} in {database} is not the one that AkkaDurable makes: {why}. Nothing was changed. "
        + "Use another database, or other names by SqlStateStoreOptions.TablePrefix.");
}
