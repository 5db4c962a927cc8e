using System.Text.Json;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>What is stored: how many servers of each status, and the first of those that an operator may have to do something about. Starts none.</summary>
internal sealed class StoreLook(BoardWatch watch)
{
    private const int MaxListed = 50;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(8);
    private static readonly ServerStatus[] s_listed = [ServerStatus.PermanentlyCrashed, ServerStatus.Crashed, ServerStatus.Cordoned];

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var type in watch.Servers.Types)
        {
            await LookAtAsync(type, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task LookAtAsync(IDurableServerType type, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_patience, watch.Time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var counts = await type.CountAsync(cancellationToken: patience.Token).ConfigureAwait(false);
            var listed = new List<ServerInfo>();
            foreach (var status in s_listed.Where(status => counts.GetValueOrDefault(status) > 0))
            {
                listed.AddRange((await type.ListAsync(new ServerFilter { Status = status }, null, MaxListed, patience.Token).ConfigureAwait(false)).Servers);
            }

            watch.Put("stored", type.Name, json => Write(json, type.Name, counts, listed));
        }
        catch (Exception exception) when (exception is DurableServerException or DurableConfigurationException)
        {
            Failed(type, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(type, $"the store did not answer within {s_patience.TotalSeconds:0} s");
        }
    }

    private void Failed(IDurableServerType type, string text) => watch.Put("stored", type.Name, json =>
    {
        json.WriteString("type", type.Name);
        Missing.Write(json, [new CommandOutput.Partial(text)]);
    });

    // Not why they crashed: the message of an exception may be confidential.
    private static void Write(Utf8JsonWriter json, string type, IReadOnlyDictionary<ServerStatus, long> counts, List<ServerInfo> listed)
    {
        json.WriteString("type", type);
        json.WriteStartObject("counts");
        foreach (var (status, count) in counts.OrderBy(entry => entry.Key))
        {
            json.WriteNumber(status.ToString(), count);
        }

        json.WriteEndObject();
        json.WriteStartArray("listed");
        foreach (var server in listed)
        {
            json.WriteStartObject();
            json.WriteString("key", server.Key);
            json.WriteString("status", server.Status.ToString());
            json.WriteString("node", server.Node);
            json.WriteNumber("crashes", server.Crashes.Count);
            if (server.Crashes.Count > 0)
            {
                json.WriteString("at", server.Crashes[^1].At);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        Missing.Write(json, []);
    }
}
