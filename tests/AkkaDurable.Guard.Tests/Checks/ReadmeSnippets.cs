using System.Text.RegularExpressions;

namespace AkkaDurable.Guard.Tests.Checks;

/// <summary>
/// README code is compiled code: each C# block carries the marker of the region it was copied from, and equals it.
/// </summary>
internal static partial class ReadmeSnippets
{
    /// <summary>One line per block that breaks the rule, opening with <c>readme:line</c>.</summary>
    public static IEnumerable<string> Problems(string readme, string text, Func<string, string?> read)
    {
        foreach (var block in Blocks(text))
        {
            var problem = block.Marker is { } marker ? Compare(block.Code, marker, read) : "has no <!-- snippet: path/to/File.cs#region --> above it";
            if (problem is not null)
            {
                yield return $"{readme}:{block.Line}: the C# block {problem}";
            }
        }
    }

    public static IReadOnlyList<Block> Blocks(string text)
    {
        var blocks = new List<Block>();
        var lines = Repository.Lines(text);
        for (var i = 0; i < lines.Length; i++)
        {
            if (OpeningFence().Match(lines[i]) is not { Success: true } fence)
            {
                continue;
            }

            var opening = i;
            var closing = fence.Groups["fence"].Value;
            var code = new List<string>();
            for (i++; i < lines.Length && !IsClosing(lines[i], closing); i++)
            {
                code.Add(lines[i]);
            }

            if (CSharp().IsMatch(fence.Groups["language"].Value))
            {
                blocks.Add(new Block(opening + 1, MarkerAbove(lines, opening), Normalize(code)));
            }
        }

        return blocks;
    }

    private static bool IsClosing(string line, string fence) =>
        line.Trim() is var bare && bare.Length >= fence.Length && bare.All(c => c == fence[0]);

    private static string? MarkerAbove(string[] lines, int opening)
    {
        var above = opening - 1;
        while (above >= 0 && lines[above].Trim().Length == 0)
        {
            above--;
        }

        return above >= 0 && Marker().Match(lines[above]) is { Success: true } match ? match.Groups["target"].Value : null;
    }

    private static string? Compare(string[] code, string marker, Func<string, string?> read)
    {
        if (marker.Split('#') is not [var path, var name] || !path.EndsWith(".cs", StringComparison.Ordinal) || name.Length == 0)
        {
            return $"names '{marker}', which is not path/to/File.cs#region";
        }

        if (read(path) is not { } source)
        {
            return $"names {path}, which does not exist";
        }

        var regions = Regions(source, name);
        if (regions.Count != 1)
        {
            return $"names {marker}, and {path} has {regions.Count} regions of that name";
        }

        var region = regions[0];
        for (var i = 0; i < Math.Max(code.Length, region.Length); i++)
        {
            var (here, there) = (code.ElementAtOrDefault(i), region.ElementAtOrDefault(i));
            if (here != there)
            {
                return $"differs from {marker} in its line {i + 1}: README has {Quote(here)}, the region has {Quote(there)}";
            }
        }

        return null;
    }

    private static string Quote(string? line) => line is null ? "nothing more" : $"'{line}'";

    /// <summary>The bodies of all closed regions of that name, without the lines that open or close a region within.</summary>
    private static List<string[]> Regions(string source, string name)
    {
        var found = new List<string[]>();
        var open = new Stack<(string Name, List<string> Body)>();
        foreach (var line in Repository.Lines(source))
        {
            if (RegionStart().Match(line) is { Success: true } start)
            {
                open.Push((start.Groups["name"].Value, []));
            }
            else if (RegionEnd().IsMatch(line) && open.TryPop(out var closed))
            {
                if (closed.Name == name)
                {
                    found.Add(Normalize(closed.Body));
                }

                if (open.TryPeek(out var outer))
                {
                    outer.Body.AddRange(closed.Body);
                }
            }
            else if (open.TryPeek(out var current))
            {
                current.Body.Add(line);
            }
        }

        return found;
    }

    private static string[] Normalize(IEnumerable<string> body)
    {
        var lines = body.Select(line => line.TrimEnd())
            .SkipWhile(line => line.Length == 0)
            .Reverse().SkipWhile(line => line.Length == 0).Reverse()
            .ToArray();
        var indent = lines.Where(line => line.Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        return [.. lines.Select(line => line.Length == 0 ? line : line[indent..])];
    }

    [GeneratedRegex(@"^\s*(?<fence>`{3,}|~{3,})\s*(?<language>[^`\s]*)[^`]*$")]
    private static partial Regex OpeningFence();

    [GeneratedRegex(@"^(csharp|cs|c#)$", RegexOptions.IgnoreCase)]
    private static partial Regex CSharp();

    [GeneratedRegex(@"^\s*<!--\s*snippet:\s*(?<target>\S+)\s*-->\s*$")]
    private static partial Regex Marker();

    [GeneratedRegex(@"^\s*#region\s+(?<name>.*?)\s*$")]
    private static partial Regex RegionStart();

    [GeneratedRegex(@"^\s*#endregion\b")]
    private static partial Regex RegionEnd();

    internal sealed record Block(int Line, string? Marker, string[] Code);
}
