using System.Text.Json;
using CsCheck;

namespace AkkaDurable.Management.Tests.Commands;

public sealed class ParserTests
{
    private static readonly string[] s_words = ["house", "paint", "burn", "-w", "-c", "-n", "-dry", "-matt", "-note", "-plan", "--", "-", "", "red", "7", "5s", "{}", "--wall"];

    [Fact]
    public void Words_become_typed_values_and_the_rest_takes_its_defaults()
    {
        var call = Sample.Catalog.Parse(["house", "paint", "-w", "north", "-c", "blue", "-dry", "1.5h", "-matt", "-note", "-a", "-note", "b", "-plan", "{\"x\":[1]}"]);

        Assert.Equal("house", call.Palette.Name);
        Assert.Same(Sample.Paint, call.Command);
        Assert.Equal("north", call.Arguments.Text("wall"));
        Assert.Equal("Blue", call.Arguments.Text("color"));
        Assert.Equal(2, call.Arguments.Integer("coats"));
        Assert.Equal(TimeSpan.FromMinutes(90), call.Arguments.Duration("dry"));
        Assert.True(call.Arguments.Flag("matt"));
        Assert.Equal(["-a", "b"], call.Arguments.Texts("note"));
        Assert.Equal(1, call.Arguments.Json("plan")!.Value.GetProperty("x")[0].GetInt32());
        Assert.DoesNotContain("coats", call.Arguments.Given);
        Assert.Equal("house paint -w north -c Blue -dry 01:30:00 -matt -note -a -note b -plan (JSON)", call.ToString());
    }

    [Fact]
    public void A_positional_argument_needs_no_switch_and_may_begin_with_a_dash_after_two()
    {
        Assert.Equal("north", Sample.Catalog.Parse(["house", "paint", "-n", "3", "north"]).Arguments.Text("wall"));
        Assert.Equal("-north", Sample.Catalog.Parse(["house", "paint", "--", "-north"]).Arguments.Text("wall"));
        Assert.Equal("-", Sample.Catalog.Parse(["house", "paint", "-"]).Arguments.Text("wall"));
    }

    [Theory]
    [InlineData("", CommandErrorKind.UnknownPalette, "a command begins with a palette: house")]
    [InlineData("garden", CommandErrorKind.UnknownPalette, "\"garden\" is no palette; there are house")]
    [InlineData("house", CommandErrorKind.UnknownVerb, "house: a verb follows the palette: paint, burn")]
    [InlineData("house dig", CommandErrorKind.UnknownVerb, "house: \"dig\" is no verb; there are paint, burn")]
    [InlineData("house paint", CommandErrorKind.MissingArgument, "house paint WALL: it must be given: The wall.")]
    [InlineData("house paint n -x 1", CommandErrorKind.UnknownArgument, "house paint -x: there is no such switch; there are -w, -c, -n, -dry, -matt, -note, -plan")]
    [InlineData("house paint n s", CommandErrorKind.UnexpectedWord, "house paint: \"s\" is no switch; there are -w, -c, -n, -dry, -matt, -note, -plan")]
    [InlineData("house paint n -c", CommandErrorKind.MissingValue, "house paint -c: a value follows this switch")]
    [InlineData("house paint n -w s", CommandErrorKind.RepeatedArgument, "house paint -w: it may be given once")]
    [InlineData("house paint n -c Green", CommandErrorKind.InvalidValue, "house paint -c: \"Green\" is not allowed: it must be one of Red, Blue")]
    [InlineData("house paint n -n 10", CommandErrorKind.InvalidValue, "house paint -n: \"10\" is not allowed: it must be a whole number from 1 to 9")]
    [InlineData("house paint n -n two", CommandErrorKind.InvalidValue, "house paint -n: \"two\" is not allowed: it must be a whole number from 1 to 9")]
    [InlineData("house paint n -dry 5", CommandErrorKind.InvalidValue, "house paint -dry: \"5\" is not allowed: it must be a time span such as 500ms, 5s, 2m, 1h or 00:00:05")]
    [InlineData("house paint n -dry -5s", CommandErrorKind.InvalidValue, "house paint -dry: \"-5s\" is not allowed: it must be a time span such as 500ms, 5s, 2m, 1h or 00:00:05")]
    [InlineData("house paint n -plan {", CommandErrorKind.InvalidValue, "house paint -plan: \"{\" is not allowed: it must be JSON")]
    public void An_error_names_palette_verb_switch_value_and_rule(string words, CommandErrorKind kind, string message)
    {
        var error = Assert.Throws<CommandException>(() => Sample.Catalog.Parse(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.Equal(kind, error.Kind);
        Assert.Equal(message, error.Message);
    }

    // xunit hands strings on as UTF-8, which has no half characters.
    public static TheoryData<char[]> Forged() => new() { "\u001b[31mred".ToCharArray(), "a\nb".ToCharArray(), new[] { '\ud800' } };

    [Theory]
    [MemberData(nameof(Forged))]
    public void Text_that_could_forge_a_line_is_refused_and_not_echoed(char[] value)
    {
        var error = Assert.Throws<CommandException>(() => Sample.Catalog.Parse(["house", "paint", new string(value)]));

        Assert.Equal(CommandErrorKind.InvalidValue, error.Kind);
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.DoesNotContain(error.Message, char.IsSurrogate);
    }

    [Theory]
    [InlineData("""{"wall":"n","x":1}""", CommandErrorKind.UnknownArgument, "house paint x: there is no such argument; there are wall, color, coats, dry, matt, note, plan")]
    [InlineData("""{"wall":{"a":1}}""", CommandErrorKind.InvalidValue, "house paint wall: \"{\"a\":1}\" it must be a text, a number, true or false, or a list of those")]
    [InlineData("""{"wall":"\ud800"}""", CommandErrorKind.InvalidValue, "house paint wall: \"\"\\ud800\"\" it must be Unicode text")]
    [InlineData("""{"wall":["n","s"]}""", CommandErrorKind.RepeatedArgument, "house paint wall: it may be given once")]
    [InlineData("""{"wall":"n","wall":"s"}""", CommandErrorKind.RepeatedArgument, "house paint wall: it may be given once")]
    [InlineData("""{"wall":"n","coats":1.5}""", CommandErrorKind.InvalidValue, "house paint coats: \"1.5\" is not allowed: it must be a whole number from 1 to 9")]
    [InlineData("""["n"]""", CommandErrorKind.InvalidValue, "house paint: \"[\"n\"]\" arguments are a JSON object")]
    [InlineData("{}", CommandErrorKind.MissingArgument, "house paint WALL: it must be given: The wall.")]
    public void Json_meets_the_same_rules(string json, CommandErrorKind kind, string message)
    {
        var error = Assert.Throws<CommandException>(() => Sample.Catalog.Parse("house", "paint", JsonDocument.Parse(json).RootElement));

        Assert.Equal(kind, error.Kind);
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Json_takes_anything_where_json_is_wanted_and_null_for_nothing()
    {
        var arguments = Sample.Catalog.Parse("house", "paint", JsonDocument.Parse("""{"wall":"n","plan":{"a":[1]},"matt":false,"dry":null,"coats":3}""").RootElement).Arguments;

        Assert.Equal("""{"a":[1]}""", arguments.Text("plan"));
        Assert.False(arguments.Flag("matt"));
        Assert.Null(arguments.Duration("dry"));
        Assert.Equal(3, arguments.Integer("coats"));
    }

    [Fact]
    public void Any_words_are_a_command_or_an_error_of_one_line()
    {
        var word = Gen.OneOf(
            Gen.Int[0, s_words.Length - 1].Select(i => s_words[i]),
            Gen.String);
        Gen.OneOf(word.Array[0, 8], word.Array[0, 8].Select(words => (string[])["house", "paint", .. words])).Sample(
            words =>
            {
                try
                {
                    var call = Sample.Catalog.Parse(words);
                    Assert.All(call.Command.Arguments.Where(argument => argument.IsMandatory), argument => Assert.Contains(argument.Name, call.Arguments.Given));
                }
                catch (CommandException error)
                {
                    Assert.DoesNotContain(error.Message, char.IsControl);
                }
            },
            iter: 20_000);
    }

    [Fact]
    public void Words_and_json_of_the_same_values_give_the_same_command() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 9], Gen.Int[1, 9], Gen.Bool, Gen.String[Gen.Char[' ', '~'], 0, 9].Array[0, 3]).Sample(
            (wall, coats, matt, notes) =>
            {
                var json = Sample.Catalog.Parse("house", "paint", JsonSerializer.SerializeToElement(new { wall, coats, matt, note = notes }));
                var words = Sample.Catalog.Parse(["house", "paint", "-n", $"{coats}", .. matt ? (string[])["-matt"] : [], .. notes.SelectMany(note => (string[])["-note", note]), wall]);

                Assert.Equal(words.ToString(), json.ToString());
                Assert.Equal(words.Arguments.Texts("note"), json.Arguments.Texts("note"));
                Assert.Equal(words.Arguments.Flag("matt"), json.Arguments.Flag("matt"));
            },
            iter: 2_000);
}
