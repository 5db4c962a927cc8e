using System.CommandLine;
using System.Globalization;
using AkkaDurable;
using AkkaDurable.Sql;
using ChangeStats.Cluster;
using ChangeStats.Demo;
using ChangeStats.Feeding;
using ChangeStats.Input;
using Microsoft.Extensions.DependencyInjection;

namespace ChangeStats;

/// <summary>The verbs and options of this program.</summary>
internal static class CommandLine
{
    public const int WrongUse = 2;

    private const int Failed = 1;
    private const int Interrupted = 130;

    /// <param name="stopped">Stops what the command line started.</param>
    /// <param name="moreInNode">Adds what else shall run in the process of the verb <c>node</c>.</param>
    public static RootCommand Create(CancellationToken stopped, Action<IServiceCollection>? moreInNode = null) =>
        new("Counts the changes of files, one durable server for each, on a cluster whose nodes may be killed.") { DemoCommand(stopped), NodeCommand(moreInNode, stopped) };

    private static Command DemoCommand(CancellationToken stopped)
    {
        var input = new Option<string?>("--input") { Description = "A file of changes, date,path,added,removed, gzipped or not. Left out: git log of the repository you stand in.", HelpName = "FILE" };
        var postgres = new Option<bool>("--postgres") { Description = "Start a PostgreSQL server in a temporary folder and use it. Left out: one SQLite file for all nodes." };
        var inFlight = Whole("--in-flight", 256, 1, 100_000, "How many calls may be under way at once, not counting those that have waited for long.");
        var nodes = Whole("--nodes", 3, 2, 20, "How many node processes to start.");
        var victim = Whole("--victim", 2, 1, 20, "Which node is killed. Node 1 mostly leads the cluster.");
        var killAfter = Whole("--kill-after", 40, 1, 99, "Kill a node when this share of the changes is acknowledged, in percent.");
        var restartAfter = Whole("--restart-after", 2, 0, 60, "Start the killed node again after so many seconds.");
        var noKill = new Option<bool>("--no-kill") { Description = "Kill no node." };
        var command = new Command("demo", "Starts a cluster, feeds it, kills a node with -9 in mid-run, starts it again, and compares every count with the input.")
        {
            input, postgres, inFlight, nodes, victim, killAfter, restartAfter, noKill,
        };
        command.SetAction((arguments, _) => RunDemoAsync(
            new DemoOptions
            {
                InputFile = arguments.GetValue(input),
                Postgres = arguments.GetValue(postgres),
                InFlight = arguments.GetValue(inFlight),
                Nodes = arguments.GetValue(nodes),
                Victim = arguments.GetValue(victim),
                KillAfterPercent = arguments.GetValue(noKill) ? null : arguments.GetValue(killAfter),
                RestartAfter = TimeSpan.FromSeconds(arguments.GetValue(restartAfter)),
            },
            stopped));
        return command;
    }

    private static Command NodeCommand(Action<IServiceCollection>? more, CancellationToken stopped)
    {
        var port = Whole("--port", 4053, 1, 65_535, "The port on loopback.");
        var seeds = new Option<int[]>("--seed") { Description = "The ports of the nodes to join by. Left out: the node's own, so it starts a cluster.", AllowMultipleArgumentsPerToken = true };
        var provider = new Option<string>("--provider") { Description = "The kind of database.", DefaultValueFactory = _ => SqlProviderNames.Sqlite };
        var untilInputEnds = new Option<bool>("--until-input-ends") { Description = "Stop when standard input ends." };
        var region = new Option<string?>("--region") { Description = "The node's region; the first folder of a path is then the home region of its server. Left out: there is one region." };
        var hold = Whole("--hold", 30, 0, 86_400, "With --region: how many seconds a server waits for its lost region before it starts in another one.");
        var pinned = new Option<bool>("--pinned") { Description = "With --region: a server starts in no other region, however long its own is lost." };
        var settle = Whole("--settle", 60, 0, 86_400, "With --region: how many seconds a region has to be healthy again before servers go home.");
        var command = new Command("node", $"Runs one node. The connection string comes from the environment variable {NodeOptions.ConnectionVariable}; left out: a SQLite file in the working directory.")
        {
            port, seeds, provider, untilInputEnds, region, hold, pinned, settle,
        };
        command.SetAction(async (arguments, _) =>
        {
            var own = arguments.GetValue(port);
            var database = new DatabaseAddress(arguments.GetValue(provider)!, Environment.GetEnvironmentVariable(NodeOptions.ConnectionVariable) ?? "Data Source=change-stats.db");
            var placement = arguments.GetValue(region) is { } name
                ? new NodePlacement(name, arguments.GetValue(pinned) ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(arguments.GetValue(hold)), TimeSpan.FromSeconds(arguments.GetValue(settle)))
                : null;
            var options = new NodeOptions(own, arguments.GetValue(seeds) is { Length: > 0 } given ? given : [own], database, arguments.GetValue(untilInputEnds), placement);
            return await NodeProgram.RunAsync(options, more, stopped);
        });
        return command;
    }

    private static async Task<int> RunDemoAsync(DemoOptions options, CancellationToken stopped)
    {
        try
        {
            options.Validate();
            var passed = await new DemoProgram(options, new Screen(Console.Out, Console.IsOutputRedirected ? null : Math.Max(40, Console.WindowWidth))).RunAsync(stopped);
            return passed ? 0 : Failed;
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("interrupted; everything that was started has been stopped");
            return Interrupted;
        }
        catch (Exception e) when (e is InputException or InvalidKeyException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return WrongUse;
        }
        catch (Exception e) when (e is FeedException or TimeoutException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Failed;
        }
    }

    private static Option<int> Whole(string name, int value, int least, int most, string description)
    {
        var option = new Option<int>(name) { Description = $"{description} {least} to {most}.", DefaultValueFactory = _ => value, HelpName = "N" };
        option.Validators.Add(result =>
        {
            // Asking for the value would throw for what is no number.
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given >= least && given <= most))
            {
                result.AddError($"{name} {token.Value}: it must be a whole number from {least} to {most}.");
            }
        });
        return option;
    }
}
