using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Cluster;
using AkkaDurable.Management.Internal.Commands;
using AkkaDurable.Management.Internal.Relay;

namespace AkkaDurable.Management.Internal.Palettes;

/// <summary>Verbs that are about one node: made fit to run on another one, or on all.</summary>
internal static class NodeVerbs
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(2);

    private static readonly CommandArgument s_node = new("node", "The node: its address, or HOST:PORT of it. Left out: the node that is asked.", "-n", "--node");
    private static readonly CommandArgument s_all = new("all", "All nodes; each row says which.", "-all", "--all") { Type = CommandValueType.Flag };
    private static readonly CommandArgument s_timeout = Common.Timeout with { Description = "How long another node may say nothing before it counts as lost." };

    /// <summary>What a node runs when another one asks: only this.</summary>
    public static CommandCatalog Local { get; } = new(TreePalette.Local, SystemPalette.Local, LogPalette.Local);

    /// <param name="local">Verbs that are about the node that runs them.</param>
    /// <param name="onAll">Those that can be asked of all nodes at once.</param>
    /// <returns>The same verbs, about any node.</returns>
    public static CommandPalette AboutAnyNode(CommandPalette local, params IReadOnlyCollection<string> onAll) => new(
        local.Name,
        local.Description,
        [.. local.Commands.Select(command => command with
        {
            Arguments = [.. command.Arguments, s_node, .. onAll.Contains(command.Name) ? [s_all] : Array.Empty<CommandArgument>(), s_timeout],
            Examples = [.. command.Examples, $"{command.Examples[^1]} -n 10.0.0.7:8110".Trim(), .. onAll.Contains(command.Name) ? [$"{command.Examples[^1]} -all".Trim()] : Array.Empty<string>()],
            Handler = (context, cancellationToken) => Run(local, command, onAll.Contains(command.Name), context, cancellationToken),
        })]);

    private static IAsyncEnumerable<CommandOutput> Run(CommandPalette palette, CommandDefinition command, bool takesAll, CommandContext context, CancellationToken cancellationToken)
    {
        var cluster = Cluster.Get(context.System);
        if (takesAll && context.Arguments.Flag("all"))
        {
            if (context.Arguments.TextOrNull("node") is not null)
            {
                throw new CommandException(CommandErrorKind.InvalidValue, "-n names one node, -all all of them");
            }

            return command.Follows ? FollowAll(OnOne, context, cancellationToken) : OnAll(OnOne, context, cancellationToken);
        }

        return OnOne(context.Arguments.TextOrNull("node") is { } node ? Common.MemberOf(cluster, node).Address : cluster.SelfAddress, cancellationToken);

        IAsyncEnumerable<CommandOutput> OnOne(Address node, CancellationToken token) => node == cluster.SelfAddress
            ? Named(CommandRun.Of(command, context, token), node, token)
            : Named(RelayCall.RunAsync(context.System, node, new(palette.Name, command.Name, context.Arguments.WordsOf(command), context.Caller, 0), Common.TimeoutOf(context), token), node, token);
    }

    private static async IAsyncEnumerable<CommandOutput> Named(IAsyncEnumerable<CommandOutput> output, Address node, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in output.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return item is CommandOutput.Row row && row["node"] is null ? row with { Fields = [.. row.Fields, ("node", node.ToString())] } : item;
        }
    }

    // All at the same time, shown one after the other, so that rows of one node stay together.
    private static async IAsyncEnumerable<CommandOutput> OnAll(Func<Address, CancellationToken, IAsyncEnumerable<CommandOutput>> run, CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var nodes = MembersOf(context).OrderBy(node => node.ToString(), StringComparer.Ordinal).Select(node =>
        {
            var output = Channel.CreateBounded<CommandOutput>(new BoundedChannelOptions(256) { SingleReader = true, SingleWriter = true });
            return (Output: output.Reader, Pump: PumpAsync(run(node, end.Token), node, output.Writer, end.Token));
        }).ToArray();
        try
        {
            foreach (var (output, pump) in nodes)
            {
                await foreach (var item in output.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                {
                    yield return item;
                }

                await pump.ConfigureAwait(false);
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(nodes.Select(node => (Task)node.Pump)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Also those nodes that come later, or come back.
    private static async IAsyncEnumerable<CommandOutput> FollowAll(Func<Address, CancellationToken, IAsyncEnumerable<CommandOutput>> run, CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var output = Channel.CreateBounded<CommandOutput>(new BoundedChannelOptions(256) { SingleReader = true });
        var looking = LookAsync();
        try
        {
            await foreach (var item in output.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return item;
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task LookAsync()
        {
            var runs = new Dictionary<Address, Task<bool>>();
            var silent = new HashSet<Address>();
            try
            {
                while (true)
                {
                    foreach (var node in MembersOf(context))
                    {
                        if (runs.TryGetValue(node, out var last) && !last.IsCompleted)
                        {
                            continue;
                        }

                        // One that is lost is told once, and asked again all the same.
                        if (last is { IsCompletedSuccessfully: true } && !await last.ConfigureAwait(false))
                        {
                            silent.Add(node);
                        }
                        else
                        {
                            silent.Remove(node);
                        }

                        runs[node] = PumpAsync(run(node, end.Token), node, output.Writer, end.Token, completes: false, tells: !silent.Contains(node));
                    }

                    await Task.Delay(s_lookEvery, context.Time, end.Token).ConfigureAwait(false);
                }
            }
            finally
            {
                await Task.WhenAll(runs.Values.Select(run => (Task)run)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                output.Writer.TryComplete();
            }
        }
    }

    /// <returns>Whether the node told anything.</returns>
    private static async Task<bool> PumpAsync(IAsyncEnumerable<CommandOutput> from, Address node, ChannelWriter<CommandOutput> to, CancellationToken cancellationToken, bool completes = true, bool tells = true)
    {
        var hasTold = false;
        try
        {
            await foreach (var item in from.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                hasTold = true;
                await to.WriteAsync(item, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (CommandException error)
        {
            // What one node lacks costs the others' answers nothing.
            if (tells || hasTold)
            {
                await to.WriteAsync(new CommandOutput.Partial(error.Message, node.ToString()), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            to.TryComplete(exception);
        }
        finally
        {
            if (completes)
            {
                to.TryComplete();
            }
        }

        return hasTold;
    }

    // The node itself answers also while it is no member.
    private static IEnumerable<Address> MembersOf(CommandContext context)
    {
        var cluster = Cluster.Get(context.System);
        return cluster.State.Members
            .Where(member => member.Status is MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Leaving)
            .Select(member => member.Address)
            .Append(cluster.SelfAddress)
            .Distinct();
    }
}
