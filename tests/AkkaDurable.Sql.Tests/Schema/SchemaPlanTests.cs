using AkkaDurable.Sql.Internal;
using AkkaDurable.Sql.Internal.Schema;

namespace AkkaDurable.Sql.Tests.Schema;

public sealed class SchemaPlanTests
{
    private static readonly TableNames Tables = new(null, "durable_");
    private static readonly Migration[] Migrations =
    [
        new(1, ["CREATE"], SchemaColumns.Version1(Tables)),
        new(2, ["ALTER"], new Dictionary<string, IReadOnlyList<string>> { ["durable_servers"] = ["note"] }),
        new(3, ["CREATE"], new Dictionary<string, IReadOnlyList<string>> { ["durable_more"] = ["id"] }),
    ];

    [Fact]
    public void An_empty_database_gets_every_step() => Assert.Equal([1, 2, 3], Steps(new FoundSchema(Columns(), null, 0)));

    [Theory]
    [InlineData(1, new[] { 2, 3 })]
    [InlineData(2, new[] { 3 })]
    [InlineData(3, new int[0])]
    public void An_older_schema_gets_the_steps_that_it_lacks(int version, int[] steps) => Assert.Equal(steps, Steps(Ours(version)));

    [Fact]
    public void A_newer_schema_is_refused()
    {
        var refusal = Assert.Throws<StoreSchemaException>(() => Steps(Ours(3) with { Version = 4 }));

        Assert.Contains("schema version 4", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("up to 3", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_leave_to_create_an_older_schema_is_refused_and_the_newest_is_not()
    {
        var refusal = Assert.Throws<StoreSchemaException>(() => Steps(Ours(2), autoCreate: false));

        Assert.Contains("schema version 2", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Steps(Ours(3), autoCreate: false));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Theirs")]
    [InlineData("akkadurable")]
    public void Tables_of_another_product_are_refused_whatever_their_version(string? product) =>
        Assert.Throws<StoreSchemaException>(() => Steps(Ours(1) with { Product = product }));

    [Fact]
    public void A_column_that_a_later_version_adds_is_not_asked_of_an_older_one()
    {
        Assert.Equal([2, 3], Steps(Ours(1)));

        var broken = Assert.Throws<StoreSchemaException>(() => Steps(Ours(1) with { Version = 2 }));
        Assert.Contains("no column note", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_a_later_version_makes_must_not_be_there_yet()
    {
        var columns = new Dictionary<string, IReadOnlySet<string>>(Ours(1).Columns) { ["durable_more"] = new HashSet<string> { "id" } };

        var refusal = Assert.Throws<StoreSchemaException>(() => Steps(Ours(1) with { Columns = columns }));

        Assert.Contains("durable_more", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.0")]
    [InlineData("one")]
    [InlineData(null)]
    public void A_marker_with_a_version_that_is_none_is_no_marker(string? version) => Assert.Null(FoundSchema.WithMarker(Columns(), SchemaPlan.Product, version).Product);

    private static IEnumerable<int> Steps(FoundSchema found, bool autoCreate = true) =>
        SchemaPlan.Decide(found, Migrations, Tables, autoCreate, "the database").Select(step => step.Version);

    private static FoundSchema Ours(int version)
    {
        var columns = Migrations.Take(version).SelectMany(migration => migration.Columns).GroupBy(entry => entry.Key, entry => entry.Value)
            .ToDictionary(group => group.Key, group => (IReadOnlySet<string>)group.SelectMany(names => names).ToHashSet());
        return new FoundSchema(columns, SchemaPlan.Product, version);
    }

    private static Dictionary<string, IReadOnlySet<string>> Columns() => [];
}
