using AkkaDurable;

namespace TwoRegions;

/// <summary>A key of the table, and who calls it: one call after the other, each with an id, made again until it is acknowledged.</summary>
internal sealed class Row(string type, ServerRef server, Func<string, NodeProcess?> nodeAt)
{
    private static readonly TimeSpan s_callTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(200);

    public string Name { get; } = $"{type} {server.Key}";

    public string Home { get; } = server.HomeRegion!;

    /// <summary>How many calls were acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>What the server counted with the last one.</summary>
    public long Counted { get; private set; }

    /// <summary>Where it runs; <see langword="null"/> when that is not known now.</summary>
    public NodeProcess? RunsOn { get; private set; }

    /// <summary>What the last call was told, if it failed.</summary>
    public string? Trouble { get; private set; }

    public bool IsHome => RunsOn?.Region == Home && Trouble is null;

    /// <summary>Whether nothing was lost and nothing counted twice.</summary>
    public bool IsRight => Counted == Acknowledged;

    public string Place => Trouble ?? (RunsOn is { } node ? $"{node.Name} in {node.Region}{(IsHome ? "" : ", away from home")}" : "");

    /// <summary>Calls until it is told to stop; the call that it is at comes to its end.</summary>
    public async Task CallAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await AddAsync();
            await Task.Delay(s_pace, TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task AddAsync()
    {
        var options = new CallOptions { Timeout = s_callTimeout, Id = $"{Acknowledged + 1}" };
        while (true)
        {
            try
            {
                Counted = await server.CallAsync(new Add(), options);
                Acknowledged++;
                RunsOn = nodeAt((await server.InfoAsync())?.Node ?? "");
                Trouble = null;
                return;
            }
            catch (PlacementUnavailableException unavailable)
            {
                Trouble = unavailable.RetryAfter is null ? $"waits for {Home}" : $"held for {Home}";
            }
            catch (DurableServerException failure)
            {
                Trouble = failure.Outcome == CallOutcome.Unknown ? "no answer" : failure.GetType().Name;
            }

            await Task.Delay(s_pace, TimeProvider.System, CancellationToken.None);
        }
    }
}
