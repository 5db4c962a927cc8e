using AkkaDurable.Cli.Internal.Http;
using AkkaDurable.Cli.Internal.Shell;

namespace AkkaDurable.Cli.Internal;

/// <summary>The tool: from its words to an exit code. 0: done. 1: refused, failed, or nobody answered. 2: not understood.</summary>
internal static class Tool
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliTerminal terminal)
    {
        var json = args.Contains("--json");
        try
        {
            return await RunAsync(Invocation.Parse(args), terminal).ConfigureAwait(false);
        }
        catch (CliException error)
        {
            await terminal.Error.WriteLineAsync($"akka-durable: {error.Message}").ConfigureAwait(false);
            return error.ExitCode;
        }
        catch (ProblemException problem)
        {
            await terminal.Error.WriteLineAsync(json ? problem.Json : $"akka-durable: {problem.Message}").ConfigureAwait(false);
            return problem.ExitCode;
        }
        catch (IOException)
        {
            // Nobody reads the output any more; there is nobody to tell.
            return CliException.Failed;
        }
    }

    private static async Task<int> RunAsync(Invocation invocation, CliTerminal terminal)
    {
        var words = invocation.Words.ToList();
        if (invocation.Version)
        {
            await terminal.Out.WriteLineAsync(typeof(Tool).Assembly.GetName().Version?.ToString(3)).ConfigureAwait(false);
            return 0;
        }

        if (words is ["completion", var shell])
        {
            await terminal.Out.WriteAsync(CompletionScripts.Of(shell)).ConfigureAwait(false);
            return 0;
        }

        var isCompletion = words is ["complete", ..];
        if (isCompletion)
        {
            words.RemoveAt(0);
        }

        if (words is not [var first, ..] || !AdminAddress.LooksLikeOne(first))
        {
            if (terminal.Environment("AKKA_DURABLE_ADDRESS") is not { Length: > 0 } address)
            {
                await (invocation.Help ? terminal.Out : terminal.Error).WriteAsync(HelpText.Tool).ConfigureAwait(false);
                return invocation.Help || isCompletion ? 0 : CliException.Misused;
            }

            words.Insert(0, address);
        }

        using var client = new AdminClient(AdminAddress.Parse(words[0]), await TokenAsync(invocation, terminal).ConfigureAwait(false));
        words.RemoveAt(0);
        if (isCompletion)
        {
            return await CompleteAsync(client, words, terminal).ConfigureAwait(false);
        }

        if (invocation.Help || words is ["help", ..])
        {
            var model = await client.ModelAsync(CancellationToken.None).ConfigureAwait(false);
            await terminal.Out.WriteAsync(HelpText.Of(model, [.. words.Where(word => word != "help")])).ConfigureAwait(false);
            return 0;
        }

        return words.Count == 0
            ? await Prompt.RunAsync(client, invocation, terminal).ConfigureAwait(false)
            : await RunCommandAsync(client, words, invocation, terminal).ConfigureAwait(false);
    }

    /// <summary>Runs one command and shows its output.</summary>
    /// <exception cref="ProblemException">It was refused, or failed.</exception>
    /// <exception cref="CliException">It was not understood, or nobody answered.</exception>
    public static async Task<int> RunCommandAsync(AdminClient client, IReadOnlyList<string> words, Invocation invocation, CliTerminal terminal, CancellationToken cancellationToken = default)
    {
        if (words.Count < 2)
        {
            var model = await client.ModelAsync(cancellationToken).ConfigureAwait(false);
            await terminal.Error.WriteAsync(HelpText.Of(model, words)).ConfigureAwait(false);
            return CliException.Misused;
        }

        try
        {
            await ShowAsync(client, words, invocation.Yes, invocation, terminal, cancellationToken).ConfigureAwait(false);
        }
        catch (ProblemException problem) when (problem.Code == "not-confirmed")
        {
            if (!terminal.IsInteractive || invocation.Json)
            {
                throw new CliException($"{words[0]} {words[1]} cannot be taken back: add --yes if it is meant");
            }

            await terminal.Error.WriteAsync($"{Text.Plain(string.Join(' ', words))} on {client.Shown} cannot be taken back. Go on? [y/N] ").ConfigureAwait(false);
            if (await terminal.In.ReadLineAsync(cancellationToken).ConfigureAwait(false) is not { } answer || !(answer.Trim().ToUpperInvariant() is "Y" or "YES"))
            {
                throw new CliException("nothing was done");
            }

            await ShowAsync(client, words, isConfirmed: true, invocation, terminal, cancellationToken).ConfigureAwait(false);
        }

        return 0;
    }

    private static async Task ShowAsync(AdminClient client, IReadOnlyList<string> words, bool isConfirmed, Invocation invocation, CliTerminal terminal, CancellationToken cancellationToken)
    {
        var view = new OutputView(terminal, invocation.Json, invocation.NoColor || terminal.Environment("NO_COLOR") is { Length: > 0 });
        try
        {
            await foreach (var (name, data) in client.RunAsync(words, isConfirmed, follows => view.Follows = follows, cancellationToken).ConfigureAwait(false))
            {
                view.Add(name, data);
            }
        }
        finally
        {
            // What came before an error is shown too.
            view.End();
        }
    }

    private static async Task<string?> TokenAsync(Invocation invocation, CliTerminal terminal)
    {
        if ((invocation.TokenFile ?? terminal.Environment("AKKA_DURABLE_TOKEN_FILE")) is { Length: > 0 } file)
        {
            try
            {
                return CheckToken((await File.ReadAllTextAsync(file).ConfigureAwait(false)).Trim(), $"the file {Text.Plain(file)}");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new CliException($"the token's file cannot be read: {exception.Message}", CliException.Misused, exception);
            }
        }

        return terminal.Environment("AKKA_DURABLE_TOKEN") is { Length: > 0 } token ? CheckToken(token, "AKKA_DURABLE_TOKEN") : null;
    }

    // A header takes no other, and would say so with the token in the message.
    private static string CheckToken(string token, string where) =>
        token.Length > 0 && token.All(c => c is > ' ' and <= '~') ? token : throw new CliException($"{where} holds no token: it is printable ASCII without spaces", CliException.Misused);

    private static async Task<int> CompleteAsync(AdminClient client, List<string> words, CliTerminal terminal)
    {
        try
        {
            var model = await client.ModelAsync(CancellationToken.None).ConfigureAwait(false);
            foreach (var candidate in Completer.Complete(model, [.. words.SkipLast(1)], words.LastOrDefault() ?? ""))
            {
                await terminal.Out.WriteLineAsync(candidate).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is CliException or ProblemException)
        {
            // In the middle of somebody's typing there is no place for complaints.
        }

        return 0;
    }
}
