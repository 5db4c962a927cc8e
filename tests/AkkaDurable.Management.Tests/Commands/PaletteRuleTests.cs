namespace AkkaDurable.Management.Tests.Commands;

public sealed class PaletteRuleTests
{
    private static readonly CommandArgument s_good = new("wall", "The wall.", "-w");

    [Fact]
    public void A_palette_that_keeps_the_rules_is_made() => Assert.NotNull(Sample.With(s_good).Find("paint"));

    public static TheoryData<string, CommandArgument[]> Wrong() => new()
    {
        { "house paint: Wall needs a name of lower-case", [s_good with { Name = "Wall" }] },
        { "house paint: two arguments are called wall", [s_good, s_good with { Switches = ["-x"] }] },
        { "house paint: the switch -w is there twice", [s_good, s_good with { Name = "other" }] },
        { "house paint: wall has no switch and is not positional", [s_good with { Switches = [] }] },
        { "house paint: wall has a switch that is not", [s_good with { Switches = ["w"] }] },
        { "house paint: wall has a switch that is not", [s_good with { Switches = ["--"] }] },
        { "house paint: wall must be given and has a default", [s_good with { IsMandatory = true, Defaults = ["a"] }] },
        { "house paint: wall has several defaults", [s_good with { Defaults = ["a", "b"] }] },
        { "house paint: wall has choices if, and only if", [s_good with { Type = CommandValueType.Choice }] },
        { "house paint: wall is a flag", [s_good with { Type = CommandValueType.Flag, IsMandatory = true }] },
        { "house paint: wall has the default \"x\", but it must be a whole number", [s_good with { Type = CommandValueType.Integer, Defaults = ["x"] }] },
        { "house paint: no positional argument can follow", [s_good with { IsPositional = true, AllowsMultiple = true }, new("more", "More.", "-m") { IsPositional = true }] },
        { "house paint: wall has no description", [s_good with { Description = " " }] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void An_argument_that_breaks_a_rule_is_told(string message, CommandArgument[] arguments) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Sample.With(arguments)).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_palettes_of_one_name_and_two_verbs_of_one_name_are_told()
    {
        Assert.StartsWith("there are 2 palettes house", Assert.Throws<ArgumentException>(() => new CommandCatalog(Sample.With(s_good), Sample.With(s_good))).Message, StringComparison.Ordinal);
        Assert.StartsWith("the palette house has two commands paint", Assert.Throws<ArgumentException>(() => new CommandPalette("house", "A house.", Sample.Paint, Sample.Paint)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_adds_palettes_to_those_there_are()
    {
        var catalog = DurableCommands.CatalogWith(Sample.Catalog.Palettes[0]);

        Assert.Equal(["cluster", "cluster-sharding", "servers", "placement", "groups", "tree", "system", "log", "house"], catalog.Palettes.Select(palette => palette.Name));
    }

    public static TheoryData<string> Examples() =>
        [.. DurableCommands.Palettes.SelectMany(palette => palette.Commands.SelectMany(command => command.Examples.Select(example => $"{palette.Name} {command.Name} {example}".TrimEnd())))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_is_a_command(string example) => Assert.NotNull(DurableCommands.CatalogWith().Parse([.. example.Split(' ').Select(word => word.Trim('\''))]));

    [Fact]
    public void Every_verb_has_an_example() =>
        Assert.DoesNotContain(DurableCommands.Palettes.SelectMany(palette => palette.Commands), command => command.Examples.Count == 0);

    [Fact]
    public void What_cannot_be_taken_back_asks_for_a_confirmation() =>
        Assert.Equal(
            ["cluster leave", "cluster down", "cluster down-unreachable", "servers delete"],
            DurableCommands.Palettes.SelectMany(palette => palette.Commands.Where(command => command.Effect == CommandEffect.Destroys).Select(command => $"{palette.Name} {command.Name}")));
}
