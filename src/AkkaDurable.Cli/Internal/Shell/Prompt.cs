using AkkaDurable.Cli.Internal.Http;

namespace AkkaDurable.Cli.Internal.Shell;

/// <summary>Command after command, until <c>exit</c> or the end of the input.</summary>
internal static class Prompt
{
    /// <returns>0; of what is read from a file the first exit code that is not 0.</returns>
    public static async Task<int> RunAsync(AdminClient client, Invocation invocation, CliTerminal terminal)
    {
        var model = await client.ModelAsync(CancellationToken.None).ConfigureAwait(false);
        var prompt = $"[{client.Shown}] akka-durable> ";
        var editor = terminal.IsInteractive ? new LineEditor(model) : null;
        if (editor is not null)
        {
            await terminal.Out.WriteLineAsync("help shows the commands, the tab key completes them, exit ends.").ConfigureAwait(false);
        }

        while ((editor is null ? await terminal.In.ReadLineAsync().ConfigureAwait(false) : editor.Read(prompt)) is { } line)
        {
            var words = Text.Split(line);
            if (words.Count == 0)
            {
                continue;
            }

            if (words is ["exit" or "quit"])
            {
                break;
            }

            var exitCode = await RunOneAsync(client, model, words, invocation, terminal).ConfigureAwait(false);
            if (exitCode != 0 && editor is null)
            {
                return exitCode;
            }
        }

        return 0;
    }

    private static async Task<int> RunOneAsync(AdminClient client, Model model, List<string> words, Invocation invocation, CliTerminal terminal)
    {
        try
        {
            var options = Invocation.Parse(words);
            if (options.Help || options.Words is ["help", ..])
            {
                await terminal.Out.WriteAsync(HelpText.Of(model, [.. options.Words.Where(word => word != "help")])).ConfigureAwait(false);
                return 0;
            }

            using var interrupt = new Interrupt(terminal.IsInteractive);
            try
            {
                return await Tool.RunCommandAsync(client, options.Words, invocation with { Json = invocation.Json || options.Json, Yes = invocation.Yes || options.Yes }, terminal, interrupt.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
            {
                // The node ends what nobody reads any more.
                return 0;
            }
        }
        catch (CliException error)
        {
            await terminal.Error.WriteLineAsync(error.Message).ConfigureAwait(false);
            return error.ExitCode;
        }
        catch (ProblemException problem)
        {
            await terminal.Error.WriteLineAsync(problem.Message).ConfigureAwait(false);
            return problem.ExitCode;
        }
    }
}
