using System.Text.Json;

namespace AkkaDurable.Cli.Internal.Http;

/// <summary>The commands that a node has.</summary>
/// <param name="Palettes">Its palettes.</param>
internal sealed record Model(IReadOnlyList<Model.Palette> Palettes)
{
    /// <exception cref="CliException">It is not what a node says.</exception>
    public static Model Read(JsonElement json)
    {
        try
        {
            return new([.. json.GetProperty("palettes").EnumerateArray().Select(palette => new Palette(
                Of(palette, "name"), Of(palette, "description"), [.. palette.GetProperty("commands").EnumerateArray().Select(command => new Command(
                    Of(command, "name"),
                    Of(command, "description"),
                    Of(command, "effect"),
                    command.GetProperty("follows").GetBoolean(),
                    [.. command.GetProperty("arguments").EnumerateArray().Select(argument => new Argument(
                        Of(argument, "name"),
                        Of(argument, "description"),
                        List(argument, "switches"),
                        Of(argument, "type"),
                        argument.GetProperty("mandatory").GetBoolean(),
                        argument.GetProperty("multiple").GetBoolean(),
                        argument.GetProperty("positional").GetBoolean(),
                        List(argument, "defaults"),
                        List(argument, "choices")))],
                    List(command, "examples")))]))]);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException)
        {
            throw new CliException("the node describes its commands in a way that this version of the tool does not know", inner: exception);
        }
    }

    public Palette? Find(string name) => Palettes.FirstOrDefault(palette => palette.Name == name);

    private static string Of(JsonElement json, string name) => Text.Plain(json.GetProperty(name).GetString() ?? "");

    private static IReadOnlyList<string> List(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(item => Text.Plain(item.GetString() ?? ""))];

    internal sealed record Palette(string Name, string Description, IReadOnlyList<Command> Commands)
    {
        public Command? Find(string verb) => Commands.FirstOrDefault(command => command.Name == verb);
    }

    internal sealed record Command(string Name, string Description, string Effect, bool Follows, IReadOnlyList<Argument> Arguments, IReadOnlyList<string> Examples);

    internal sealed record Argument(
        string Name, string Description, IReadOnlyList<string> Switches, string Type, bool IsMandatory, bool AllowsMultiple, bool IsPositional, IReadOnlyList<string> Defaults, IReadOnlyList<string> Choices);
}
