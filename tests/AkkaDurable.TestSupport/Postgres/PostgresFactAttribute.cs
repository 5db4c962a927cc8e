namespace AkkaDurable.TestSupport.Postgres;

/// <summary>A test that needs a PostgreSQL server; skipped, with the reason, where none can be run.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresBinaries.Unavailable;
}
