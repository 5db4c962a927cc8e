using System.Globalization;
using System.Text.RegularExpressions;
using Akka.Configuration;
using AkkaDurable.Benchmarks.Contenders.OnOrleans;

namespace AkkaDurable.Benchmarks;

/// <summary>The command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        usage: ./build.sh bench [full | list] [WORKLOAD…] [--rivals NAME,…] [--rounds N] [--seconds N] [--akka FILE] [--orleans-scripts FOLDER]
          (none)          the quick set: less than 5 minutes; the figures are rough
          full            every workload, longer: about half an hour; rewrites the table in benchmarks/README.md
          list            prints the names of the workloads; * marks the quick set
          WORKLOAD        only workloads of this name; * stands for anything: 'postgres-*', '*-10000x64'
          --rivals NAME   only these rivals, with commas between: bare,orleans (any part of a name will do)
          --rounds N      how often each contender is measured; 3, full: 5
          --seconds N     how long once; 0.5, full: 2
          --akka FILE     HOCON laid over the settings of the hand-written Akka.NET nodes, for whoever can tune them better
          --orleans-scripts FOLDER   Orleans also on the tables and statements of its own SQL scripts, which the folder must hold
        """;

    public bool IsFull { get; private init; }

    public bool IsList { get; private init; }

    /// <summary>How often each contender is measured.</summary>
    public int Rounds { get; private init; } = 3;

    /// <summary>How long once.</summary>
    public TimeSpan Round { get; private init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long each contender runs first, unmeasured, in each workload.</summary>
    public TimeSpan WarmUp => Round / 2;

    /// <summary>Settings that take precedence over those of the hand-written Akka.NET nodes.</summary>
    public Config Rival { get; private init; } = Config.Empty;

    /// <summary>Orleans' own scripts; null when none were given.</summary>
    public OrleansScripts? OrleansScripts { get; private init; }

    /// <summary>Whether the run covers all that the README's table shows.</summary>
    public bool IsComplete => IsFull && Patterns.Length == 0 && Rivals.Length == 0;

    /// <summary>The arguments as they were given.</summary>
    public string CommandLine { get; private init; } = "";

    private string[] Patterns { get; init; } = [];

    private string[] Rivals { get; init; } = [];

    /// <returns>Null when the arguments make no sense.</returns>
    public static BenchOptions? Parse(string[] arguments)
    {
        var options = arguments.Contains("full") ? new BenchOptions { IsFull = true, Rounds = 5, Round = TimeSpan.FromSeconds(2) } : new BenchOptions();
        options = options with { CommandLine = string.Join(' ', arguments) };
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "full":
                    break;
                case "list":
                    options = options with { IsList = true };
                    break;
                case "--rivals" when value.Length > 0:
                    options = options with { Rivals = value.Split(',') };
                    i++;
                    break;
                case "--rounds" when int.TryParse(value, CultureInfo.InvariantCulture, out var rounds) && rounds > 0:
                    options = options with { Rounds = rounds };
                    i++;
                    break;
                case "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    options = options with { Round = TimeSpan.FromSeconds(seconds) };
                    i++;
                    break;
                case "--akka" when File.Exists(value):
                    options = options with { Rival = ConfigurationFactory.ParseString(File.ReadAllText(value)) };
                    i++;
                    break;
                case "--orleans-scripts" when OrleansScripts.In(value) is { } scripts:
                    options = options with { OrleansScripts = scripts };
                    i++;
                    break;
                case var name when !name.StartsWith('-'):
                    options = options with { Patterns = [.. options.Patterns, name] };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }

    public bool Wants(string workload, bool isQuick) => Patterns.Length == 0 ? IsFull || isQuick : Patterns.Any(pattern => Matches(workload, pattern));

    public bool WantsRival(string name) => Rivals.Length == 0 || Rivals.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    private static bool Matches(string workload, string pattern) =>
        Regex.IsMatch(workload, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.IgnoreCase);
}
