using System.Globalization;

namespace AkkaDurable.Management.Tests.Commands;

public sealed class OutputTests
{
    [Fact]
    public void A_row_is_a_line_between_bars_whatever_the_culture()
    {
        var row = CommandOutput.RowOf(
            "node",
            ("node", "a"), ("up", true), ("cpu", 1.5), ("age", TimeSpan.FromSeconds(90)), ("roles", (string[])["x", "y"]), ("meta", new Dictionary<string, string> { ["k"] = "v" }), ("none", null), ("status", ServerStatus.Running));
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal("a | up: yes | cpu: 1.5 | age: 00:01:30 | roles: x, y | meta: k=v | none:  | status: Running", row.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        Assert.Equal(true, row["up"]);
        Assert.Null(row["missing"]);
        Assert.StartsWith("    a |", (row with { Depth = 2 }).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_progress_and_what_is_missing_are_lines_too()
    {
        Assert.Equal("hello", new CommandOutput.Line("hello").ToString());
        Assert.Equal("moving (50 %)", new CommandOutput.Progress("moving", 0.5).ToString());
        Assert.Equal("moving", new CommandOutput.Progress("moving").ToString());
        Assert.Equal("partial: b did not answer", new CommandOutput.Partial("b did not answer", "b").ToString());
    }
}
