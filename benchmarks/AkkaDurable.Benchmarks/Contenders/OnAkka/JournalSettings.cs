using Akka.Configuration;

namespace AkkaDurable.Benchmarks.Contenders.OnAkka;

/// <summary>How the rival's journal is set up: what must be set for it to be right, and what made it fastest here.</summary>
/// <param name="ProviderName">linq2db's name of the database.</param>
/// <param name="ConnectionString">The database.</param>
/// <param name="Parallelism">How many groups are written at once.</param>
/// <param name="BatchSize">The most events a group.</param>
/// <param name="ReadIsolation">The isolation level of reads.</param>
internal sealed record JournalSettings(string ProviderName, string ConnectionString, int Parallelism, int BatchSize, string ReadIsolation)
{
    // No snapshot store: an entity of few events is loaded faster without one. It must be said, or a store in local files is used.
    public Config ToConfig() => ConfigurationFactory.ParseString($$"""
        akka {
          actor {
            serializers.added = "{{typeof(AddedSerializer).AssemblyQualifiedName}}"
            serialization-bindings."{{typeof(Added).AssemblyQualifiedName}}" = added
          }
          persistence {
            max-concurrent-recoveries = 64
            snapshot-store.plugin = akka.persistence.no-snapshot-store
            journal {
              plugin = akka.persistence.journal.sql
              sql {
                provider-name = "{{ProviderName}}"
                connection-string = "{{ConnectionString}}"
                auto-initialize = on
                tag-write-mode = Csv
                parallelism = {{Parallelism}}
                batch-size = {{BatchSize}}
                read-isolation-level = {{ReadIsolation}}
                replay-filter.mode = off
                circuit-breaker { max-failures = 100000, reset-timeout = 1s }
              }
            }
          }
        }
        """);
}
