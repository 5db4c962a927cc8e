namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>All that a node asks for. Not safe for concurrent use.</summary>
internal sealed class InterestSet
{
    private readonly Dictionary<long, Interest> _byId = [];
    private readonly HashSet<Selector> _exact = [];
    private readonly List<Selector> _others = [];

    public IReadOnlyCollection<Interest> All => _byId.Values;

    public bool HasServers => _exact.Count > 0 || _others.Any(static selector => selector.IsOfServers);

    public Interest? Find(long id) => _byId.TryGetValue(id, out var interest) ? interest : null;

    public void Add(Interest interest)
    {
        if (!_byId.TryAdd(interest.Id, interest))
        {
            return;
        }

        if (interest.Selector.Kind == InterestKind.Server)
        {
            _exact.Add(interest.Selector);
        }
        else
        {
            _others.Add(interest.Selector);
        }
    }

    public void Remove(long id)
    {
        if (_byId.Remove(id, out var interest) && (interest.Selector.Kind != InterestKind.Server || !_exact.Remove(interest.Selector)))
        {
            _others.Remove(interest.Selector);
        }
    }

    public bool Matches(EntryId id)
    {
        foreach (var selector in _others)
        {
            if (selector.Matches(id))
            {
                return true;
            }
        }

        return id.Kind == EntryKind.Server && _exact.Contains(new Selector(InterestKind.Server, id.Scope, id.Name));
    }

    /// <summary>Takes over what another node says it asks for.</summary>
    /// <returns>What it did not ask for until now.</returns>
    public List<Interest> Update(IReadOnlyCollection<Interest> interests)
    {
        var ids = interests.Select(static interest => interest.Id).ToHashSet();
        foreach (var gone in _byId.Keys.Where(id => !ids.Contains(id)).ToList())
        {
            Remove(gone);
        }

        List<Interest> added = [.. interests.Where(interest => !_byId.ContainsKey(interest.Id))];
        added.ForEach(Add);
        return added;
    }
}
