namespace AkkaDurable.Sql.Internal.Leasing;

/// <summary>The statements of the table of leases. SQLite and PostgreSQL differ in how their clocks are read.</summary>
/// <param name="tables">The names of the tables.</param>
/// <param name="now">The clock of the database, read when the row is locked, not when the statement began to wait for it.</param>
internal sealed class LeaseTexts(TableNames tables, string now)
{
    /// <summary>1 name, 2 holder, 3 time to live, 4 owner.</summary>
    public string Acquire { get; } =
        $"""
        INSERT INTO {tables.SbrLeases} AS l (name, owner, holder, version, expires_at, wanted_owner, wanted_by) VALUES ($1, $4, $2, 1, {now} + $3, '', 0)
        ON CONFLICT (name) DO UPDATE
        SET owner = $4, holder = $2, version = l.version + 1, expires_at = {now} + $3, wanted_owner = '', wanted_by = 0
        WHERE l.holder = 0 OR l.holder = $2 OR l.expires_at <= {now}
        """;

    /// <summary>1 name.</summary>
    public string Read { get; } = $"SELECT holder, owner, version, wanted_by, wanted_owner FROM {tables.SbrLeases} WHERE name = $1";

    /// <summary>1 name, 2 holder, 3 time to live.</summary>
    public string Renew { get; } = $"UPDATE {tables.SbrLeases} SET expires_at = {now} + $3 WHERE name = $1 AND holder = $2 RETURNING holder, owner, version, wanted_by, wanted_owner";

    /// <summary>1 name, 2 heir, 3 version, 4 the heir's name.</summary>
    public string AskFor { get; } = $"UPDATE {tables.SbrLeases} SET wanted_by = $2, wanted_owner = $4 WHERE name = $1 AND version = $3 AND wanted_by <> $2";

    /// <summary>1 name, 2 heir, 3 time to live, 4 the heir's name, 5 holder.</summary>
    public string HandOver { get; } =
        $"""
        UPDATE {tables.SbrLeases} SET owner = $4, holder = $2, version = version + 1, expires_at = {now} + $3, wanted_owner = '', wanted_by = 0
        WHERE name = $1 AND holder = $5 AND wanted_by = $2
        """;

    /// <summary>1 name, 2 holder. What the holder asked for is taken back, too.</summary>
    public string Release { get; } =
        $"""
        UPDATE {tables.SbrLeases} SET holder = CASE WHEN holder = $2 THEN 0 ELSE holder END, wanted_by = CASE WHEN wanted_by = $2 THEN 0 ELSE wanted_by END
        WHERE name = $1 AND (holder = $2 OR wanted_by = $2)
        """;
}
