using System.Runtime.CompilerServices;

namespace AkkaDurable.Management.Tests.Commands;

/// <summary>A palette with an argument of each kind.</summary>
internal static class Sample
{
    public static readonly CommandDefinition Paint = new("paint", "Paints.", Nothing)
    {
        Arguments =
        [
            new("wall", "The wall.", "-w", "--wall") { IsMandatory = true, IsPositional = true },
            new("color", "The color.", "-c") { Type = CommandValueType.Choice, Choices = ["Red", "Blue"], Defaults = ["Red"] },
            new("coats", "How many coats.", "-n") { Type = CommandValueType.Integer, Minimum = 1, Maximum = 9, Defaults = ["2"] },
            new("dry", "How long it dries.", "-dry") { Type = CommandValueType.Duration },
            new("matt", "Whether it is matt.", "-matt") { Type = CommandValueType.Flag },
            new("note", "Notes.", "-note") { AllowsMultiple = true },
            new("plan", "The plan.", "-plan") { Type = CommandValueType.Json },
        ],
    };

    public static CommandCatalog Catalog { get; } = new(new CommandPalette("house", "A house.", Paint, new CommandDefinition("burn", "Burns it down.", Nothing) { Effect = CommandEffect.Destroys }));

    public static CommandPalette With(params CommandArgument[] arguments) => new("house", "A house.", new CommandDefinition("paint", "Paints.", Nothing) { Arguments = arguments });

    public static async IAsyncEnumerable<CommandOutput> Nothing(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }
}
