using Akka.Configuration;
using AkkaDurable.Benchmarks.Scenarios;

namespace AkkaDurable.Benchmarks;

/// <summary>The command line.</summary>
/// <param name="Keys">How many counters there are, beside the hot ones.</param>
/// <param name="Rounds">How often each contender is measured.</param>
/// <param name="Round">How long once.</param>
/// <param name="WarmUp">How long each contender runs first, unmeasured, in each scenario.</param>
/// <param name="Only">Part of a scenario's name; null for all.</param>
/// <param name="Database">One kind of database; null for all.</param>
/// <param name="Rival">Settings that take precedence over those of the rival.</param>
internal sealed record BenchOptions(int Keys, int Rounds, TimeSpan Round, TimeSpan WarmUp, string? Only, string? Database, Config Rival)
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";
    public const string Memory = "memory";

    public const string Usage = """
        usage: ./build.sh bench [--quick | --full] [--database sqlite|postgres|memory] [--only NAME] [--rival FILE]
          --quick          one short round each: about a minute; the figures are rough
          --full           five long rounds each: about 20 minutes
          --database NAME  one database only; memory: calls that touch no database
          --only NAME      the scenarios whose names contain NAME: activation, durable-64, durable-512, hot, hot-async, latency, read-64, read-hot, read-latency
          --rival FILE     HOCON laid over the settings of the hand-written node, for whoever can tune it better
        """;

    private static readonly BenchOptions Default = new(10_000, Rounds: 3, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), Only: null, Database: null, Config.Empty);

    /// <returns>Null when the arguments make no sense.</returns>
    public static BenchOptions? Parse(string[] arguments)
    {
        var options = Default;
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--quick":
                    options = options with { Keys = 3_000, Rounds = 1, Round = TimeSpan.FromSeconds(1) };
                    break;
                case "--full":
                    options = options with { Rounds = 5, Round = TimeSpan.FromSeconds(8), WarmUp = TimeSpan.FromSeconds(4) };
                    break;
                case "--only" when value is not null:
                    options = options with { Only = value };
                    i++;
                    break;
                case "--database" when value is Sqlite or Postgres or Memory:
                    options = options with { Database = value };
                    i++;
                    break;
                case "--rival" when File.Exists(value):
                    options = options with { Rival = ConfigurationFactory.ParseString(File.ReadAllText(value)) };
                    i++;
                    break;
                default:
                    return null;
            }
        }

        return options;
    }

    public bool Wants(string database) => Database is null || Database == database;

    public bool WantsDurable => WantsScenario(Scenario.Activation) || Scenario.Durable.Any(scenario => WantsScenario(scenario.Name));

    public bool WantsInMemory => Scenario.InMemory.Any(scenario => WantsScenario(scenario.Name));

    public bool WantsAnything => (WantsDurable && (Wants(Sqlite) || Wants(Postgres))) || (WantsInMemory && Wants(Memory));

    public bool WantsScenario(string name) => Only is null || name.Contains(Only, StringComparison.OrdinalIgnoreCase);
}
