using System.Collections.Concurrent;
using AkkaDurable.Journal.Internal.Streams;

namespace AkkaDurable.Journal.Internal.Index;

/// <summary>The indexes of all server types. Safe for concurrent use.</summary>
internal sealed class TypeIndexes(EventWriter writer, Trimmer trimmer, PersistenceIds ids)
{
    private readonly ConcurrentDictionary<string, TypeIndex> _indexes = new(StringComparer.Ordinal);

    public TypeIndex Of(string serverType) => _indexes.GetOrAdd(serverType, type => new TypeIndex(writer, trimmer, ids, type));
}
