using System.Reflection;
using System.Runtime;
using System.Runtime.InteropServices;

namespace AkkaDurable.Benchmarks;

/// <summary>Where and with what a run took place.</summary>
internal static class Machine
{
    public static string Description { get; } =
        $"{DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, .NET {Environment.Version}, {(GCSettings.IsServerGC ? "server" : "workstation")} GC{Load()}";

    public static string Versions { get; } = string.Join(", ", new (string Package, Type Type)[]
    {
        ("Akka", typeof(Akka.Actor.ActorSystem)),
        ("Akka.Cluster.Sharding", typeof(Akka.Cluster.Sharding.ClusterSharding)),
        ("Akka.Persistence.Sql", typeof(Akka.Persistence.Sql.SqlPersistence)),
        ("Orleans", typeof(Orleans.IGrain)),
        ("Proto.Actor", typeof(Proto.ActorSystem)),
        ("Npgsql", typeof(Npgsql.NpgsqlConnection)),
        ("Microsoft.Data.Sqlite", typeof(Microsoft.Data.Sqlite.SqliteConnection)),
    }.Select(part => $"{part.Package} {VersionOf(part.Type)}"));

    // Others at work on the same machine make every figure smaller and less sure, and should show in what is printed.
    private static string Load() => File.Exists("/proc/loadavg") ? $", load average at the start {File.ReadAllText("/proc/loadavg").Split(' ')[0]}" : "";

    private static string VersionOf(Type type) => type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split(['+', ' '])[0].TrimEnd('.');
}
