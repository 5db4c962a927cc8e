using AkkaDurable.Benchmarks.Counters.HandWritten;
using AkkaDurable.Storage;

namespace AkkaDurable.Benchmarks.Databases;

/// <summary>A new, empty database for one run; gone afterwards.</summary>
internal interface IBenchDatabase : IAsyncDisposable
{
    /// <summary>Kind, version and how durable a commit is, as asked of the database itself.</summary>
    string Description { get; }

    IStateStore OpenStore();

    JournalSettings Journal { get; }
}
