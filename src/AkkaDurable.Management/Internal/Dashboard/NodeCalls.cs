using System.Text.Json;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>What was counted of one server type, on one node or on several. Not safe for concurrent use.</summary>
internal sealed class NodeCalls
{
    private readonly long[] _durations = new long[LogHistogram.Length];
    private readonly long[] _counters = new long[4];
    private double _seconds;
    private double _perSecond;
    private long _failed;

    /// <summary>Reads what an agent answered. What does not fit, since the node has another version, is left out.</summary>
    public static IEnumerable<(string Type, NodeCalls Calls)> Read(JsonElement answer)
    {
        if (!answer.TryGetProperty("types", out var types) || types.ValueKind != JsonValueKind.Array || !answer.TryGetProperty("seconds", out var seconds))
        {
            yield break;
        }

        foreach (var item in types.EnumerateArray())
        {
            var calls = new NodeCalls { _seconds = seconds.GetDouble() };
            if (item.TryGetProperty("type", out var type) && Fill(calls._durations, item, "durations") && Fill(calls._counters, item, "counters") && item.TryGetProperty("failed", out var failed))
            {
                calls._failed = failed.GetInt64();
                calls._perSecond = calls._seconds > 0 ? LogHistogram.Sum(calls._durations) / calls._seconds : 0;
                yield return (type.GetString() ?? "", calls);
            }
        }
    }

    public void Add(NodeCalls other)
    {
        LogHistogram.Add<long>(_durations, other._durations);
        LogHistogram.Add<long>(_counters, other._counters);
        _seconds = Math.Max(_seconds, other._seconds);
        _perSecond += other._perSecond;
        _failed += other._failed;
    }

    public void Write(Utf8JsonWriter json, string type)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteNumber("perSecond", Rounded(_perSecond));
        json.WriteNumber("failed", _failed);
        Quantile(json, "p50", 0.5);
        Quantile(json, "p99", 0.99);
        json.WriteNumber("starts", _counters[0]);
        json.WriteNumber("stops", _counters[1]);
        json.WriteNumber("crashes", _counters[2]);
        json.WriteNumber("conflicts", _counters[3]);
        json.WriteEndObject();
    }

    private static bool Fill(long[] to, JsonElement item, string name)
    {
        if (!item.TryGetProperty(name, out var values) || values.ValueKind != JsonValueKind.Array || values.GetArrayLength() != to.Length)
        {
            return false;
        }

        var i = 0;
        foreach (var value in values.EnumerateArray())
        {
            to[i++] = value.GetInt64();
        }

        return true;
    }

    // In milliseconds.
    private void Quantile(Utf8JsonWriter json, string name, double part)
    {
        if (LogHistogram.Quantile(_durations, part) is { } seconds)
        {
            json.WriteNumber(name, Rounded(seconds * 1000));
        }
    }

    // Three figures are as exact as it is.
    private static double Rounded(double value) => value >= 100 ? Math.Round(value) : value >= 10 ? Math.Round(value, 1) : value >= 1 ? Math.Round(value, 2) : Math.Round(value, 4);
}
