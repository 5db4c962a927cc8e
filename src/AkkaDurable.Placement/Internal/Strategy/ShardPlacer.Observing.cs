using System.Collections.Immutable;
using Akka.Actor;
using AkkaDurable.Placement.Internal.Directing;

namespace AkkaDurable.Placement.Internal.Strategy;

/// <summary>What Akka's calls tell: which regions there are, and what became of the decisions.</summary>
internal sealed partial class ShardPlacer
{
    private readonly Dictionary<string, RegionTrack> _regions = new(StringComparer.Ordinal);
    private readonly List<RegionTrack> _order = [];
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Address, DateTimeOffset At)> _inFlight = new(StringComparer.Ordinal);
    private readonly HashSet<string> _released = new(StringComparer.Ordinal);
    private IImmutableDictionary<IActorRef, IImmutableList<string>>? _allocations;
    private IReadOnlyDictionary<string, NodeSnapshot>? _viewedMembers;
    private ClusterView? _view;
    private DateTimeOffset _reconsidered;
    private volatile bool _changed;
    private bool _isRegionNew;

    /// <param name="allocations">Regions and their shards.</param>
    /// <param name="all">Whether these are all regions: when a shard is asked for, Akka leaves out those that are about to stop, which are not lost.</param>
    /// <param name="now">The time.</param>
    private void Observe(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations, bool all, DateTimeOffset now)
    {
        if (ReferenceEquals(allocations, _allocations) && !all)
        {
            return;
        }

        _allocations = allocations;
        var candidates = 0;
        foreach (var (region, shards) in allocations)
        {
            // The same regions come in the same order, and looking up each by its address would be most of what a placement costs.
            if (candidates == _order.Count || !ReferenceEquals(_order[candidates].Region, region) || !_order[candidates].IsKnown)
            {
                _order.RemoveRange(candidates, _order.Count - candidates);
                _order.Add(Track(region));
            }

            var track = _order[candidates];

            if (!track.Region.Equals(region))
            {
                // A region that was started anew at the same address.
                track.Region = region;
                _view = null;
            }

            candidates++;
            if (!track.IsCandidate)
            {
                track.IsCandidate = true;
                _isRegionNew = true;
                _view = null;
            }

            if (!ReferenceEquals(shards, track.Shards))
            {
                Compare(track, shards, now);
            }
        }

        if (candidates != _regions.Count)
        {
            Missing(allocations, all, now);
        }
    }

    private RegionTrack Track(IActorRef region)
    {
        var address = _addressOf(region);
        if (!_regions.TryGetValue(address, out var track))
        {
            track = new RegionTrack(address, region);
            _regions.Add(address, track);
        }

        return track;
    }

    // Akka appends what it allocates, so mostly only the end of the list is new.
    private void Compare(RegionTrack track, IImmutableList<string> shards, DateTimeOffset now)
    {
        var old = track.Shards;
        track.Shards = shards;
        if (shards.Count > old.Count && (old.Count == 0 || shards[old.Count - 1] == old[^1]) && (old.Count == 0 || shards[0] == old[0]))
        {
            for (var i = old.Count; i < shards.Count; i++)
            {
                Own(shards[i], track, now);
            }
        }
        else
        {
            var set = shards.ToHashSet(StringComparer.Ordinal);
            foreach (var shard in old.Where(shard => !set.Contains(shard)))
            {
                Disown(shard, track.Address, now);
            }

            foreach (var shard in shards)
            {
                Own(shard, track, now);
            }
        }

        if (_view?.Find(track.Address) is { } node)
        {
            node.Shards = shards.Count + track.InFlight;
        }
    }

    private void Missing(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations, bool all, DateTimeOffset now)
    {
        var present = allocations.Keys.Select(_addressOf).ToHashSet(StringComparer.Ordinal);
        foreach (var track in _regions.Values.Where(track => !present.Contains(track.Address)).ToArray())
        {
            if (track.IsCandidate)
            {
                track.IsCandidate = false;
                _view = null;
            }

            if (all || !_board.Members.ContainsKey(track.Address))
            {
                _regions.Remove(track.Address);
                track.IsKnown = false;
                foreach (var shard in track.Shards)
                {
                    Disown(shard, track.Address, now);
                }
            }
        }
    }

    private void Own(string shard, RegionTrack track, DateTimeOffset now)
    {
        if (_owners.TryGetValue(shard, out var owner) && owner == track.Address)
        {
            return;
        }

        _owners[shard] = track.Address;
        Forget(shard);
        if (_moves.Find(shard) is { } move && move.From != track.Address)
        {
            EndMove(move, track.Address);
        }

        if (_held.Remove(shard, out var held))
        {
            if (held.ToldAt is not null)
            {
                _board.TellPlaced(_typeName, shard);
            }

            held.Found(track.Region);
        }

        if (_ledger.IsLoaded)
        {
            Record(shard, track.Address, now);
        }
    }

    private void Disown(string shard, string address, DateTimeOffset now)
    {
        if (!_owners.TryGetValue(shard, out var owner) || owner != address)
        {
            return;
        }

        _owners.Remove(shard);
        if (!_moves.Contains(shard))
        {
            if (Releases(address))
            {
                _released.Add(shard);
            }

            if (_ledger.Find(shard)?.Newest?.Node == address)
            {
                _ledger.Lost(shard, now);
            }
        }
    }

    // Akka asks for the place of a shard that it had somewhere: its region is gone, or gave it away.
    private void GoneWithoutWord(string shard, DateTimeOffset now)
    {
        if (_owners.TryGetValue(shard, out var owner))
        {
            if (_regions.TryGetValue(owner, out var track) && !track.IsCandidate && _board.Members.ContainsKey(owner))
            {
                // Its region is about to stop while its node stays.
                _released.Add(shard);
            }

            Disown(shard, owner, now);
        }
        else if (_ledger.Find(shard)?.Newest is { LostAt: null } newest && !_board.Members.ContainsKey(newest.Node))
        {
            if (Releases(newest.Node))
            {
                _released.Add(shard);
            }

            _ledger.Lost(shard, now);
        }
    }

    private void ObserveLoaded()
    {
        var now = Now;
        foreach (var (shard, owner) in _owners)
        {
            Record(shard, owner, now);
        }

        // Who was lost before this coordinator began: nobody knows when, so their time begins now.
        foreach (var record in _ledger.Records.ToArray())
        {
            if (record.Newest is { LostAt: null } newest && !_owners.ContainsKey(record.Shard) && !_board.Members.ContainsKey(newest.Node))
            {
                if (Releases(newest.Node))
                {
                    _released.Add(record.Shard);
                }

                _ledger.Lost(record.Shard, now);
            }
        }
    }

    private void Record(string shard, string address, DateTimeOffset now)
    {
        var newest = _ledger.Find(shard)?.Newest;
        if ((newest is null || newest.Node != address || newest.LostAt is not null) && _board.Members.TryGetValue(address, out var member))
        {
            _ledger.Placed(shard, new PlacementEntry(address, member.Location, now, null, newest?.Node == address ? newest.Reason : PlacementReason.Running));
        }
    }

    private void Forget(string shard)
    {
        if (_inFlight.Remove(shard, out var decided) && _regions.TryGetValue(decided.Address, out var track))
        {
            track.InFlight--;
            if (_view?.Find(decided.Address) is { } node)
            {
                node.Shards = track.Shards.Count + track.InFlight;
            }
        }
    }

    private ClusterView View()
    {
        var members = _board.Members;
        if (_view is not null && ReferenceEquals(members, _viewedMembers))
        {
            return _view;
        }

        _viewedMembers = members;
        var nodes = new List<NodeView>(_regions.Count);
        double servers = 0, shards = 0;
        foreach (var track in _regions.Values)
        {
            if (!track.IsCandidate || !members.TryGetValue(track.Address, out var member))
            {
                continue;
            }

            if (!ReferenceEquals(track.LastReport, member.Report))
            {
                track.LastReport = member.Report;
                track.Unreported = track.InFlight;
            }

            if (member.Report is { } report)
            {
                servers += report.ServersByType.GetValueOrDefault(_typeName);
                shards += track.Shards.Count;
            }

            nodes.Add(new NodeView(track.Address, member.Location, member.Version)
            {
                Status = member.Status,
                Draining = member.Draining,
                Cordoned = member.Cordoned,
                Report = member.Report,
                ShardIds = track.Shards as IReadOnlyList<string> ?? [.. track.Shards],
                Shards = track.Shards.Count + track.InFlight,
                Unreported = track.Unreported,
            });
        }

        _view = new ClusterView(_typeName, nodes, shards > 0 ? servers / shards : 0) { Arriving = Arriving(members) };
        foreach (var move in _moves.All)
        {
            if (!_inFlight.ContainsKey(move.Shard))
            {
                Shift(_view, move);
            }
        }

        return _view;
    }

    private List<ArrivingNode> Arriving(IReadOnlyDictionary<string, NodeSnapshot> members)
    {
        var arriving = new List<ArrivingNode>();
        var now = Now;
        foreach (var member in members.Values)
        {
            // A time to come was told by a clock that was set back since; that is nothing to wait by.
            if (member is { Status: NodeStatus.Up, Draining: false, Cordoned: false, UpSince: { } since } && since <= now && now - since < _options.ArrivalTime
                && (_options.Role is not { } role || member.Roles.Contains(role))
                && !(_regions.TryGetValue(member.Address, out var track) && track.IsCandidate))
            {
                arriving.Add(new ArrivingNode(member.Address, member.Location, since + _options.ArrivalTime));
            }
        }

        return arriving;
    }

    private bool Releases(string address) =>
        _board.Members.TryGetValue(address, out var member) ? member.Status == NodeStatus.Leaving || member.Draining || member.Cordoned : _board.LeftInOrder(address);

    private bool MayStay(string address) => _board.Members.TryGetValue(address, out var member) && member is { Status: NodeStatus.Up, Draining: false };

    private string? RegionOf(IActorRef requester) =>
        requester.IsNobody() || !_board.Members.TryGetValue(_addressOf(requester), out var member) ? null : member.Location.Region;
}
