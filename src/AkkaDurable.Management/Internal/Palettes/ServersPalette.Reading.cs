using System.Runtime.CompilerServices;

namespace AkkaDurable.Management.Internal.Palettes;

// Verbs that only look.
internal static partial class ServersPalette
{
    private static async IAsyncEnumerable<CommandOutput> List(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var type = Common.TypeOf(context);
        var filter = FilterOf(context);
        var left = (int)context.Arguments.Integer("most")!.Value;
        var after = context.Arguments.TextOrNull("after");
        while (left > 0)
        {
            var page = await type.ListAsync(filter, after, Math.Min(left, PageSize), cancellationToken).ConfigureAwait(false);
            foreach (var server in page.Servers)
            {
                yield return RowOf(server);
            }

            left -= page.Servers.Count;
            if (page.NextKey is null)
            {
                yield break;
            }

            after = page.NextKey;
        }

        yield return new CommandOutput.Line($"there may be more: add -after {Internal.Commands.Words.Quote(after!)}");
    }

    private static async IAsyncEnumerable<CommandOutput> Count(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = FilterOf(context);
        foreach (var type in Common.TypesOf(context).ToArray())
        {
            var counts = await type.CountAsync(filter, cancellationToken).ConfigureAwait(false);
            yield return CommandOutput.RowOf(
                "count", [("type", type.Name), ("all", counts.Values.Sum()), .. Enum.GetValues<ServerStatus>().Select(status => (status.ToString(), (object?)counts.GetValueOrDefault(status)))]);
        }
    }

    private static async IAsyncEnumerable<CommandOutput> Info(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var type = Common.TypeOf(context);
        var server = Common.ServerOf(context);
        var stored = await type.StoredAsync(server.Key, false, cancellationToken).ConfigureAwait(false) ?? throw NotStored(server);
        var shown = stored;
        CommandOutput.Partial? missing = null;

        // Only one that is said to run is asked: a question to another would give its shard a place.
        if (stored.IsRunning)
        {
            try
            {
                if (await server.InfoAsync(Common.TimeoutOf(context), cancellationToken).ConfigureAwait(false) is { } live)
                {
                    shown = live with { CreatedAt = stored.CreatedAt, UpdatedAt = stored.UpdatedAt };
                }
            }
            catch (DurableServerException exception)
            {
                missing = new CommandOutput.Partial($"the server did not answer, this is what is stored: {exception.Message}", stored.Node);
            }
        }

        yield return CommandOutput.RowOf(
            "info",
            ("key", shown.Key),
            ("type", shown.ServerType),
            ("running", shown.IsRunning && missing is null),
            ("status", shown.Status),
            ("node", shown.Node),
            ("region", shown.Region),
            ("shard", server.Shard),
            ("home", server.HomeRegion),
            ("permanent", shown.IsPermanent),
            ("epoch", shown.Epoch),
            ("revision", shown.Revision),
            ("stateVersion", shown.StateVersion),
            ("crashes", shown.Crashes.Count),
            ("meta", shown.Meta),
            ("created", shown.CreatedAt),
            ("updated", shown.UpdatedAt));
        if (missing is not null)
        {
            yield return missing;
        }
    }

    private static async IAsyncEnumerable<CommandOutput> State(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var server = Common.ServerOf(context);
        var stored = await Common.TypeOf(context).StoredAsync(server.Key, includeState: true, cancellationToken).ConfigureAwait(false) ?? throw NotStored(server);
        yield return CommandOutput.RowOf("state", ("key", stored.Key), ("revision", stored.Revision), ("stateVersion", stored.StateVersion), ("updated", stored.UpdatedAt), ("state", JsonOf(stored.StoredState)));
    }

    private static async IAsyncEnumerable<CommandOutput> Crashes(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var type = Common.TypeOf(context);
        if (context.Arguments.TextOrNull("key") is { } key)
        {
            var server = type[key];
            var stored = await type.StoredAsync(key, false, cancellationToken).ConfigureAwait(false) ?? throw NotStored(server);
            foreach (var crash in stored.Crashes)
            {
                yield return CommandOutput.RowOf("crash", ("key", key), ("at", crash.At), ("reason", crash.Reason), ("node", crash.Node), ("status", stored.Status));
            }

            yield break;
        }

        foreach (var status in new[] { ServerStatus.PermanentlyCrashed, ServerStatus.Crashed })
        {
            string? after = null;
            do
            {
                var page = await type.ListAsync(new ServerFilter { Status = status }, after, PageSize, cancellationToken).ConfigureAwait(false);
                foreach (var server in page.Servers)
                {
                    var last = server.Crashes.Count > 0 ? server.Crashes[^1] : null;
                    yield return CommandOutput.RowOf("crash", ("key", server.Key), ("at", last?.At), ("reason", last?.Reason), ("node", last?.Node ?? server.Node), ("status", server.Status));
                }

                after = page.NextKey;
            }
            while (after is not null);
        }
    }

    private static async IAsyncEnumerable<CommandOutput> Tail(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = context.Arguments.TextOrNull("prefix");
        var filter = (context.Arguments.TextOrNull("type"), prefix) switch
        {
            (null, null) => LifecycleFilter.AllServers,
            (null, _) => throw new CommandException(CommandErrorKind.InvalidValue, "a prefix is one of a type's keys: name the type with -t"),
            ({ } type, null) => LifecycleFilter.ServersOf(type),
            ({ } type, _) => LifecycleFilter.ServersByPrefix(type, prefix),
        };
        var isLeftOut = context.Arguments.Flag("new");
        await foreach (var batch in DurableServers.Get(context.System).Events.WatchAsync(filter, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (isLeftOut)
            {
                // The first batch says what there is.
                isLeftOut = false;
                continue;
            }

            if (batch.Missed)
            {
                yield return new CommandOutput.Partial("events were missed; what follows is what there is now");
            }

            foreach (var change in batch.Events)
            {
                yield return GroupsPalette.Shown(context, change);
            }
        }
    }

    private static CommandException NotStored(ServerRef server) => new(CommandErrorKind.NotFound, $"there is no server {server.ServerType}/{CommandException.Show(server.Key)}: nothing is stored under this key");
}
