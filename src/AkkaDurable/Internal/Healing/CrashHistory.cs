using System.Text.Encodings.Web;
using System.Text.Json;

namespace AkkaDurable.Internal.Healing;

/// <summary>The crashes of one server, oldest first, as they are stored with its record. Immutable.</summary>
internal sealed class CrashHistory
{
    private const int MaxReasonLength = 500;

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private CrashHistory(IReadOnlyList<ServerCrash> crashes) => Crashes = crashes;

    public static CrashHistory Empty { get; } = new([]);

    public IReadOnlyList<ServerCrash> Crashes { get; }

    /// <summary>Reads what is stored. A text that is none of ours tells of no crashes: it must not keep a server from running.</summary>
    public static CrashHistory Read(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            return Empty;
        }

        try
        {
            return JsonSerializer.Deserialize<ServerCrash[]>(json.Span, s_json) is { } crashes && Array.TrueForAll(crashes, crash => crash is { Reason: not null, Node: not null }) ? new(crashes) : Empty;
        }
        catch (JsonException)
        {
            return Empty;
        }
    }

    public ReadOnlyMemory<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(Crashes, s_json);

    /// <summary>The history with one crash more. What the budget does not look at any more is forgotten.</summary>
    public CrashHistory Add(DateTimeOffset at, Exception error, string node, CrashBudget budget)
    {
        var kept = Crashes.Where(crash => budget.IsRecent(crash, at)).Append(new ServerCrash(at, ReasonOf(error), node)).ToArray();
        return new(kept.Length > CrashBudget.MostCrashes ? kept[^CrashBudget.MostCrashes..] : kept);
    }

    /// <summary>Type and message of an error.</summary>
    public static string ReasonOf(Exception error)
    {
        var reason = $"{error.GetType().Name}: {error.Message}";
        if (reason.Length <= MaxReasonLength)
        {
            return reason;
        }

        // Not in the middle of a character.
        var length = char.IsHighSurrogate(reason[MaxReasonLength - 2]) ? MaxReasonLength - 2 : MaxReasonLength - 1;
        return reason[..length] + "…";
    }
}
