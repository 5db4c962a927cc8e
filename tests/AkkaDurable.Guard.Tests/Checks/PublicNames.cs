using System.Text.RegularExpressions;

namespace AkkaDurable.Guard.Tests.Checks;

/// <summary>A page names only what there is: every C# name in back-ticks is one of the public API, as its <c>PublicAPI.*.txt</c> files list it. The first column of a table is somebody else's.</summary>
internal sealed partial class PublicNames
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<(string Type, string Member)> _members = [];
    private readonly HashSet<string> _types = new(StringComparer.Ordinal);

    /// <param name="api">The lines of the files.</param>
    /// <param name="others">Names of others' libraries that may be used as well.</param>
    public PublicNames(IEnumerable<string> api, params string[] others)
    {
        _names.UnionWith(others);
        foreach (var line in api)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            // static AkkaDurable.DurableServer<TState>.InitResult.Permanent(bool isPermanent = true) -> …
            var name = Arguments().Replace(line.Split('(', 2)[0].Split(" -> ", 2)[0].Split(" = ", 2)[0], "");
            var parts = name.Split(' ')[^1].Split('.');
            for (var i = 0; i < parts.Length; i++)
            {
                _names.Add(parts[i]);
                if (i > 0)
                {
                    _types.Add(parts[i - 1]);
                    _members.Add((parts[i - 1], parts[i]));
                }
            }
        }
    }

    /// <summary>The members of a type.</summary>
    public IEnumerable<string> MembersOf(string type) => _members.Where(member => member.Type == type).Select(member => member.Member);

    /// <summary>One line per name that is none, opening with <c>page:line</c>.</summary>
    public IEnumerable<string> Problems(string page, string text)
    {
        var lines = Repository.Lines(text);
        for (var i = 0; i < lines.Length; i++)
        {
            foreach (var code in CodeIn(lines[i]))
            {
                foreach (Match name in Chain().Matches(code))
                {
                    foreach (var problem in ProblemsOf(name.Value.Split('.')))
                    {
                        yield return $"{page}:{i + 1}: `{code}`: {problem}";
                    }
                }
            }
        }
    }

    /// <summary>What stands in back-ticks, but for the first column of tables.</summary>
    public static IEnumerable<string> CodeIn(string line)
    {
        var ours = line.StartsWith('|') ? line[Math.Max(0, line.IndexOf('|', 1))..] : line;
        return Code().Matches(ours).Select(match => match.Groups["code"].Value);
    }

    private IEnumerable<string> ProblemsOf(string[] chain)
    {
        for (var i = 0; i < chain.Length; i++)
        {
            // Parameters and values begin with a small letter, type parameters with a T.
            if (!char.IsUpper(chain[i][0]) || TypeParameter().IsMatch(chain[i]))
            {
                continue;
            }

            if (!_names.Contains(chain[i]))
            {
                yield return $"there is no public {chain[i]}";
            }
            else if (i > 0 && _types.Contains(chain[i - 1]) && !_members.Contains((chain[i - 1], chain[i])))
            {
                yield return $"{chain[i - 1]} has no {chain[i]}";
            }
        }
    }

    [GeneratedRegex("<[^<>]*(<[^<>]*>[^<>]*)*>")]
    private static partial Regex Arguments();

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")]
    private static partial Regex Chain();

    [GeneratedRegex("^T[A-Z]")]
    private static partial Regex TypeParameter();
}
