using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Groups;
using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable;

/// <summary>Which servers' or groups' events a watcher wants. Immutable.</summary>
public sealed class LifecycleFilter
{
    private LifecycleFilter(EntryKind? kind, string scope, string name, bool isPrefix, params Selector[] selectors)
    {
        Kind = kind;
        Scope = scope;
        Name = name;
        IsPrefix = isPrefix;
        Selectors = selectors;
    }

    /// <summary>All servers, and all groups that are in no named cluster.</summary>
    public static LifecycleFilter All { get; } = new(null, "", "", isPrefix: true, new(InterestKind.AllServers, "", ""), new(InterestKind.Cluster, "", ""));

    /// <summary>All servers of all types.</summary>
    public static LifecycleFilter AllServers { get; } = new(EntryKind.Server, "", "", isPrefix: true, new Selector(InterestKind.AllServers, "", ""));

    internal EntryKind? Kind { get; }

    internal string Scope { get; }

    internal string Name { get; }

    internal bool IsPrefix { get; }

    internal IReadOnlyList<Selector> Selectors { get; }

    /// <summary>The one server or group, if the filter names one.</summary>
    internal (EntryKind Kind, string Scope, string Name)? One => IsPrefix ? null : (Kind!.Value, Scope, Name);

    /// <summary>All servers of a type.</summary>
    /// <param name="serverType">The type's registered name.</param>
    /// <returns>The filter.</returns>
    public static LifecycleFilter ServersOf(string serverType)
    {
        ArgumentException.ThrowIfNullOrEmpty(serverType);
        return new(EntryKind.Server, serverType, "", isPrefix: true, new Selector(InterestKind.ServersOf, serverType, ""));
    }

    /// <summary>The servers of a type whose keys begin with a text.</summary>
    /// <param name="serverType">The type's registered name.</param>
    /// <param name="prefix">The beginning; compared ordinally.</param>
    /// <returns>The filter.</returns>
    /// <exception cref="InvalidKeyException">No key begins so.</exception>
    public static LifecycleFilter ServersByPrefix(string serverType, string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(serverType);
        KeyRule.Check(prefix);
        return new(EntryKind.Server, serverType, prefix, isPrefix: true, new Selector(InterestKind.ServersByPrefix, serverType, prefix));
    }

    /// <summary>One server.</summary>
    /// <param name="serverType">The type's registered name.</param>
    /// <param name="key">The server's key.</param>
    /// <returns>The filter.</returns>
    /// <exception cref="InvalidKeyException">The key breaks the rule for keys.</exception>
    public static LifecycleFilter Server(string serverType, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(serverType);
        KeyRule.Check(key);
        return new(EntryKind.Server, serverType, key, isPrefix: false, new Selector(InterestKind.Server, serverType, key));
    }

    /// <summary>One group or, if the name ends in "/", all groups whose names begin so.</summary>
    /// <param name="group">The group.</param>
    /// <param name="cluster">The named cluster that it is in; <see langword="null"/>: all nodes.</param>
    /// <returns>The filter.</returns>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    public static LifecycleFilter Group(string group, string? cluster = null)
    {
        GroupRule.CheckQuery(group);
        var scope = GroupRule.ClusterOf(cluster);
        return new(EntryKind.Member, scope, group, group.EndsWith('/'), new Selector(InterestKind.Cluster, scope, ""));
    }

    /// <summary>All groups of a named cluster, or of none.</summary>
    /// <param name="cluster">The named cluster; <see langword="null"/>: all nodes.</param>
    /// <returns>The filter.</returns>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    public static LifecycleFilter AllGroups(string? cluster = null)
    {
        var scope = GroupRule.ClusterOf(cluster);
        return new(EntryKind.Member, scope, "", isPrefix: true, new Selector(InterestKind.Cluster, scope, ""));
    }

    internal bool Matches(EntryId id)
    {
        if (Kind is not { } kind)
        {
            return id.Kind == EntryKind.Server || id.Scope.Length == 0;
        }

        // Only a filter of all servers has no type.
        var isInScope = id.Kind == kind && (id.Scope == Scope || (kind == EntryKind.Server && Scope.Length == 0));
        return isInScope && (IsPrefix ? id.Name.StartsWith(Name, StringComparison.Ordinal) : id.Name == Name);
    }
}
