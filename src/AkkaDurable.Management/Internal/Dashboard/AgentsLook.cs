using System.Collections.Immutable;
using System.Text.Json;
using Akka.Actor;
using Akka.Cluster;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>What each node's agent tells: calls and how long they took, starts, stops, crashes and conflicts by server type, and its supervision trees.</summary>
internal sealed class AgentsLook(BoardWatch watch)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(1800);
    private static readonly TimeSpan s_askAgain = TimeSpan.FromSeconds(30);

    // Nodes without an agent, which are not asked at each look: what finds nobody is logged there.
    private readonly Dictionary<UniqueAddress, long> _without = [];

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var state = watch.Cluster.State;
        var members = state.Members.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting).OrderBy(member => member.Address.ToString(), StringComparer.Ordinal).ToArray();
        var answers = await Task.WhenAll(members.Select(member => AskAsync(member, cancellationToken))).ConfigureAwait(false);
        try
        {
            Put(members, state.Unreachable, answers);
        }
        finally
        {
            foreach (var answer in answers)
            {
                answer?.Dispose();
            }
        }
    }

    private void Put(Member[] members, ImmutableHashSet<Member> unreachable, JsonDocument?[] answers)
    {
        var missing = members.Where((_, i) => answers[i] is null)
            .Select(member => new CommandOutput.Partial(
                unreachable.Contains(member) ? $"{member.Address} is unreachable" : HasNone(member) ? $"{member.Address} has no admin API, which measures" : $"{member.Address} did not answer", member.Address.ToString()))
            .ToArray();
        watch.Put("calls", null, json =>
        {
            WriteCalls(json, members, answers);
            Missing.Write(json, missing);
        });
        watch.Put("trees", null, json =>
        {
            json.WriteStartArray("nodes");
            for (var i = 0; i < members.Length; i++)
            {
                if (answers[i]?.RootElement is { } answer && answer.TryGetProperty("trees", out var trees))
                {
                    json.WriteStartObject();
                    json.WriteString("node", members[i].Address.ToString());
                    json.WritePropertyName("rows");
                    trees.WriteTo(json);
                    json.WriteEndObject();
                }
            }

            json.WriteEndArray();
            Missing.Write(json, missing);
        });
    }

    private static void WriteCalls(Utf8JsonWriter json, Member[] members, JsonDocument?[] answers)
    {
        var all = new Dictionary<string, NodeCalls>(StringComparer.Ordinal);
        json.WriteNumber("window", CallMeter.Window.TotalSeconds);
        json.WriteStartArray("nodes");
        for (var i = 0; i < members.Length; i++)
        {
            if (answers[i]?.RootElement is not { } answer)
            {
                continue;
            }

            json.WriteStartObject();
            json.WriteString("node", members[i].Address.ToString());
            json.WriteStartArray("types");
            foreach (var (type, calls) in NodeCalls.Read(answer))
            {
                calls.Write(json, type);
                if (all.TryGetValue(type, out var sum))
                {
                    sum.Add(calls);
                }
                else
                {
                    all[type] = calls;
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("types");
        foreach (var (type, calls) in all.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            calls.Write(json, type);
        }

        json.WriteEndArray();
    }

    private bool HasNone(Member member) => _without.ContainsKey(member.UniqueAddress);

    private async Task<JsonDocument?> AskAsync(Member member, CancellationToken cancellationToken)
    {
        var agent = watch.System.ActorSelection($"{member.Address}/system/{NodeAgent.Name}");
        try
        {
            long since;
            bool isWithout;
            lock (_without)
            {
                isWithout = _without.TryGetValue(member.UniqueAddress, out since);
            }

            if (isWithout && watch.Time.GetElapsedTime(since) < s_askAgain)
            {
                return null;
            }

            var identity = await agent.Ask<ActorIdentity>(new Identify(null), s_patience, cancellationToken).ConfigureAwait(false);
            lock (_without)
            {
                if (identity.Subject is null)
                {
                    _without[member.UniqueAddress] = watch.Time.GetTimestamp();
                }
                else
                {
                    _without.Remove(member.UniqueAddress);
                }
            }

            return identity.Subject is { } found ? JsonDocument.Parse(await found.Ask<string>(NodeAgent.Look, s_patience, cancellationToken).ConfigureAwait(false)) : null;
        }
        catch (AskTimeoutException)
        {
            return null;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (JsonException)
        {
            // Of another version.
            return null;
        }
    }
}
