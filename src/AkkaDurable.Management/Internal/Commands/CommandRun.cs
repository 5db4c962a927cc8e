using System.Runtime.CompilerServices;

namespace AkkaDurable.Management.Internal.Commands;

/// <summary>Runs a handler, and tells what it meets in the words of commands.</summary>
internal static class CommandRun
{
    public static async IAsyncEnumerable<CommandOutput> Of(CommandDefinition command, CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var output = command.Handler(context, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await output.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (Exception exception) when (ErrorOf(exception) is { } error)
            {
                throw error;
            }

            yield return output.Current;
        }
    }

    private static CommandException? ErrorOf(Exception exception) => exception switch
    {
        InvalidKeyException or UnknownRegionException => new(CommandErrorKind.InvalidValue, exception.Message, exception),
        StoreUnavailableException or PlacementUnavailableException or OutcomeUnknownException or OverloadedException => new(CommandErrorKind.Unavailable, exception.Message, exception),
        DurableServerException => new(CommandErrorKind.Refused, exception.Message, exception),
        _ => null,
    };
}
