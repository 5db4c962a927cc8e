using System.CommandLine;
using System.Globalization;
using ChatRooms.Demo;

namespace ChatRooms;

/// <summary>The verbs and options of this program.</summary>
internal static class CommandLine
{
    public const int WrongUse = 2;

    private const int Failed = 1;
    private const int Interrupted = 130;

    /// <param name="stopped">Stops what the command line started.</param>
    public static RootCommand Create(CancellationToken stopped) =>
        new("Chat rooms, each a durable server, on one node or on several that may be killed.") { NodeCommand(stopped), DemoCommand(stopped) };

    private static Command NodeCommand(CancellationToken stopped)
    {
        var http = Port("--http", 5080, "The port for visitors.");
        var port = Port("--port", 8130, "The port for the other nodes.");
        var seeds = new Option<int[]>("--seed") { Description = "The ports of the nodes to join by. Left out: the node's own, so it starts a cluster.", AllowMultipleArgumentsPerToken = true };
        var database = new Option<string>("--database") { Description = "The SQLite file that all nodes share. Left out: one beside the program.", DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "chat-rooms.db"), HelpName = "FILE" };
        var untilInputEnds = new Option<bool>("--until-input-ends") { Description = "Stop when standard input ends." };
        var command = new Command("node", "Runs one node. Everything listens on 127.0.0.1.") { http, port, seeds, database, untilInputEnds };
        command.SetAction(async (arguments, _) =>
        {
            var own = arguments.GetValue(port);
            var options = new NodeOptions(
                arguments.GetValue(http), own, arguments.GetValue(seeds) is { Length: > 0 } given ? given : [own], arguments.GetValue(database)!, arguments.GetValue(untilInputEnds));
            await using var node = ChatNode.Build(options);
            await node.StartAsync(stopped);
            await Console.Out.WriteLineAsync($"process {Environment.ProcessId}: http://127.0.0.1:{options.Http}");
            if (options.UntilInputEnds)
            {
                StopWithInput(node.Lifetime);
            }

            await node.WaitForShutdownAsync(stopped);

            // Of a node that the cluster has put out: Akka.Hosting has set it, so that whoever runs the process knows to start it again.
            return Environment.ExitCode;
        });
        return command;
    }

    private static Command DemoCommand(CancellationToken stopped)
    {
        var command = new Command("demo", "Starts three nodes with visitors on each, kills the node of the room with -9 while they talk, then all, and checks what everyone was told.");
        command.SetAction(async (_, _) =>
        {
            try
            {
                return await DemoProgram.RunAsync(Console.Out, stopped) ? 0 : Failed;
            }
            catch (OperationCanceledException) when (stopped.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync("interrupted; everything that was started has been stopped");
                return Interrupted;
            }
            catch (TimeoutException tooLong)
            {
                await Console.Error.WriteLineAsync(tooLong.Message);
                return Failed;
            }
        });
        return command;
    }

    // Reading the console blocks, also by its asynchronous methods, hence the thread.
    private static void StopWithInput(IHostApplicationLifetime lifetime) =>
        new Thread(() =>
        {
            Console.OpenStandardInput().CopyTo(Stream.Null);
            lifetime.StopApplication();
        })
        {
            IsBackground = true,
            Name = "until input ends",
        }.Start();

    private static Option<int> Port(string name, int value, string description)
    {
        var option = new Option<int>(name) { Description = $"{description} 1 to 65535.", DefaultValueFactory = _ => value, HelpName = "N" };
        option.Validators.Add(result =>
        {
            // Asking for the value would throw for what is no number.
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given is >= 1 and <= 65_535))
            {
                result.AddError($"{name} {token.Value}: it must be a whole number from 1 to 65535.");
            }
        });
        return option;
    }
}
