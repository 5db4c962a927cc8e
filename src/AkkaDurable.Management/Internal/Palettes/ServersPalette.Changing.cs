using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AkkaDurable.Management.Internal.Palettes;

// Verbs that change something.
internal static partial class ServersPalette
{
    private static async IAsyncEnumerable<CommandOutput> Start(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var server = Common.ServerOf(context);
        var outcome = await server.StartAsync(null, Common.TimeoutOf(context), cancellationToken).ConfigureAwait(false);
        yield return Done(server, outcome.ToString());
    }

    private static IAsyncEnumerable<CommandOutput> Stop(CommandContext context, CancellationToken cancellationToken) =>
        Ask(context, static (server, timeout, token) => server.StopAsync(timeout, token), "Stopped", "WasNotRunning", cancellationToken);

    private static IAsyncEnumerable<CommandOutput> StopPermanently(CommandContext context, CancellationToken cancellationToken) =>
        Ask(context, static (server, timeout, token) => server.StopPermanentlyAsync(timeout, token), "StoppedPermanently", "WasNotThere", cancellationToken);

    private static IAsyncEnumerable<CommandOutput> Delete(CommandContext context, CancellationToken cancellationToken) =>
        Ask(context, static (server, timeout, token) => server.DeleteAsync(timeout, token), "Deleted", "WasNotThere", cancellationToken);

    private static IAsyncEnumerable<CommandOutput> Cordon(CommandContext context, CancellationToken cancellationToken) =>
        Ask(context, static (server, timeout, token) => server.CordonAsync(timeout, token), "Cordoned", "WasCordoned", cancellationToken);

    private static IAsyncEnumerable<CommandOutput> Uncordon(CommandContext context, CancellationToken cancellationToken) =>
        Ask(context, static (server, timeout, token) => server.UncordonAsync(timeout, token), "Uncordoned", "WasNotCordoned", cancellationToken);

    private static async IAsyncEnumerable<CommandOutput> Rehome(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var server = Common.ServerOf(context);
        var target = context.Arguments.TextOrNull("to") is null ? null : Common.MemberOf(context, "to").Address.ToString();
        yield return new CommandOutput.Progress($"moving {server.ServerType} {server.Shard}, the shard of {server.Key}");
        var result = await server.RehomeAsync(target, cancellationToken).ConfigureAwait(false);
        Common.Check(result);
        yield return CommandOutput.RowOf("move", ("key", server.Key), ("shard", server.Shard), ("node", result.Node), ("outcome", result.Outcome), ("text", result.Text));
    }

    private static async IAsyncEnumerable<CommandOutput> Call(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var type = Common.TypeOf(context);
        var server = Common.ServerOf(context);
        if (!type.AllowsJsonCalls)
        {
            throw new CommandException(CommandErrorKind.Refused, $"servers of the type {type.Name} take no calls by JSON: DurableServerOptions.AllowJsonCalls is not set");
        }

        JsonElement? reply;
        try
        {
            reply = await type.CallJsonAsync(server.Key, context.Arguments.Text("message"), context.Arguments.Json("body")!.Value, Common.TimeoutOf(context), cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException exception) when (exception is not InvalidKeyException)
        {
            throw new CommandException(CommandErrorKind.InvalidValue, WithoutParameter(exception), exception);
        }

        yield return CommandOutput.RowOf("reply", ("key", server.Key), ("reply", reply));
    }

    private static async IAsyncEnumerable<CommandOutput> Ask(
        CommandContext context, Func<ServerRef, TimeSpan, CancellationToken, ValueTask<bool>> ask, string done, string not, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var server = Common.ServerOf(context);
        yield return Done(server, await ask(server, Common.TimeoutOf(context), cancellationToken).ConfigureAwait(false) ? done : not);
    }

    private static CommandOutput.Row Done(ServerRef server, string outcome) => CommandOutput.RowOf("outcome", ("key", server.Key), ("type", server.ServerType), ("outcome", outcome));

    private static string WithoutParameter(ArgumentException exception) => exception.Message.Split(" (Parameter", 2)[0];
}
