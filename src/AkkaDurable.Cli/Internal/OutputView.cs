using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace AkkaDurable.Cli.Internal;

/// <summary>Shows output as it comes: JSON as the node wrote it; for people tables and trees; for other programs a line each.</summary>
internal sealed partial class OutputView
{
    private readonly CliTerminal _terminal;
    private readonly bool _json;
    private readonly bool _noColor;
    private readonly Lazy<IAnsiConsole> _console;
    private readonly List<Row> _rows = [];

    public OutputView(CliTerminal terminal, bool json, bool noColor)
    {
        _terminal = terminal;
        _json = json;
        _noColor = noColor;
        _console = new Lazy<IAnsiConsole>(() =>
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(terminal.Out),
                Ansi = noColor ? AnsiSupport.No : AnsiSupport.Detect,
                ColorSystem = noColor ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
                Interactive = InteractionSupport.No,
            });
            console.Profile.Width = terminal.Width;
            return console;
        });
    }

    /// <summary>Whether there is no end to wait for.</summary>
    public bool Follows { get; set; }

    public void Add(string name, string data)
    {
        if (_json)
        {
            _terminal.Out.WriteLine(data);
            return;
        }

        using var document = JsonDocument.Parse(data);
        var json = document.RootElement;
        switch (name)
        {
            case "row":
                var row = Row.Read(json);
                if (_terminal.IsOutputSeen && !Follows)
                {
                    if (_rows.Count > 0 && _rows[0].Kind != row.Kind)
                    {
                        Flush();
                    }

                    _rows.Add(row);
                }
                else
                {
                    _terminal.Out.WriteLine(row.ToString());
                }

                break;
            case "progress":
                var share = json.TryGetProperty("fraction", out var fraction) ? $" ({fraction.GetDouble() * 100:0} %)" : "";
                _terminal.Error.WriteLine(TextOf(json) + share);
                break;
            case "partial":
                Flush();
                _terminal.Error.WriteLine($"partial: {TextOf(json)}");
                break;
            default:
                Flush();
                _terminal.Out.WriteLine(TextOf(json));
                break;
        }
    }

    public void End() => Flush();

    private static string TextOf(JsonElement json) => Text.Plain(json.GetProperty("text").GetString() ?? "");

    private void Flush()
    {
        if (_rows.Count == 0)
        {
            return;
        }

        if (_rows.Any(row => row.Depth > 0))
        {
            DrawTree();
        }
        else if (_rows.Count == 1)
        {
            var width = _rows[0].Fields.Max(field => field.Name.Length);
            foreach (var (name, value) in _rows[0].Fields.Where(field => field.Value.Length > 0))
            {
                _terminal.Out.WriteLine($"{name.PadRight(width)}  {value}");
            }
        }
        else
        {
            DrawTable();
        }

        _rows.Clear();
    }

    private void DrawTable()
    {
        // Columns in which nothing is said are left out: there are many, and lines are short.
        var columns = _rows.SelectMany(row => row.Fields.Where(field => field.Value.Length > 0 && field.Value != "no").Select(field => field.Name)).ToHashSet();
        var shown = _rows[0].Fields.Select(field => field.Name).Where(columns.Contains).ToArray();
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in shown)
        {
            // What a row is about stays in one piece, whatever else is folded.
            table.AddColumn(new TableColumn(Markup.Escape(column)) { NoWrap = column == shown[0] });
        }

        foreach (var row in _rows)
        {
            table.AddRow([.. shown.Select(column => Cell(Short(row[column])))]);
        }

        _console.Value.Write(table);
    }

    private void DrawTree()
    {
        var open = new List<(int Depth, IHasTreeNodes Node)>();
        var roots = new List<Tree>();
        foreach (var row in _rows)
        {
            var more = string.Join(", ", row.Fields.Skip(1).Where(field => field.Value.Length > 0 && field.Name is not "path").Select(field => $"{field.Name} {Short(field.Value)}"));
            var label = new Markup(_noColor ? Markup.Escape($"{row.Fields[0].Value} ({more})") : $"{Markup.Escape(row.Fields[0].Value)} [grey]({Markup.Escape(more)})[/]");
            while (open.Count > 0 && open[^1].Depth >= row.Depth)
            {
                open.RemoveAt(open.Count - 1);
            }

            if (open.Count == 0)
            {
                var root = new Tree(label);
                roots.Add(root);
                open.Add((row.Depth, root));
            }
            else
            {
                open.Add((row.Depth, open[^1].Node.AddNode(label)));
            }
        }

        foreach (var root in roots)
        {
            _console.Value.Write(root);
        }
    }

    // In a table there is little room: HOST:PORT is what commands take too, and nobody reads parts of a second.
    private static string? Short(string? value) =>
        value is null ? null
        : NodeAddress().Match(value) is { Success: true } node ? node.Groups[1].Value
        : Time().IsMatch(value) && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out var time) ? time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : value;

    [GeneratedRegex("^akka(?:\\.[a-z]+)?://[^@/]+@([^/]+:[0-9]+)$")]
    private static partial Regex NodeAddress();

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+[+-][0-9:]+$")]
    private static partial Regex Time();

    private Markup Cell(string? value) => new(value switch
    {
        null => "",
        _ when _noColor => Markup.Escape(value),
        "Up" or "Running" or "Healthy" or "Done" => $"[green]{Markup.Escape(value)}[/]",
        "Unreachable" or "Down" or "Crashed" or "PermanentlyCrashed" or "Unhealthy" => $"[red]{Markup.Escape(value)}[/]",
        "Cordoned" or "Leaving" or "Exiting" or "Degraded" or "StoppedPermanent" => $"[yellow]{Markup.Escape(value)}[/]",
        _ => Markup.Escape(value),
    });

    private sealed record Row(string Kind, int Depth, IReadOnlyList<(string Name, string Value)> Fields)
    {
        public string? this[string name] => Fields.FirstOrDefault(field => field.Name == name).Value;

        public static Row Read(JsonElement json) => new(
            json.GetProperty("kind").GetString() ?? "",
            json.TryGetProperty("depth", out var depth) ? depth.GetInt32() : 0,
            [.. json.GetProperty("fields").EnumerateObject().Select(field => (Text.Plain(field.Name), ValueOf(field.Value)))]);

        public override string ToString() => new string(' ', Depth * 2) + string.Join(" | ", Fields.Select((field, i) => i == 0 ? field.Value : $"{field.Name}: {field.Value}"));

        private static string ValueOf(JsonElement value) => Text.Plain(value.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(ValueOf)),
            _ => value.GetRawText(),
        });
    }
}
