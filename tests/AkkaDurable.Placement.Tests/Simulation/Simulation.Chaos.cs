using Akka.Util;
using AkkaDurable.Placement.Internal.Directing;

namespace AkkaDurable.Placement.Tests.Simulation;

internal sealed partial class Simulation
{
    private void Chaos()
    {
        switch (_random.Next(60))
        {
            case < 4:
                Crash(Any());
                break;
            case < 8:
                Join();
                break;
            case < 10:
                Leave(Any());
                break;
            case 10:
                CutOff(s_regions[_random.Next(s_regions.Length)]);
                break;
            case < 14:
                HealAll();
                break;
            case 14:
                Any()?.SetDraining(true);
                break;
            case < 18:
                _nodes.FirstOrDefault(node => node.View.Draining)?.SetDraining(false);
                break;
            case 18:
                Any()?.SetCordoned(true);
                break;
            case < 22:
                _nodes.FirstOrDefault(node => node.View.Cordoned)?.SetCordoned(false);
                break;
            case < 30:
                if (Any() is { } busy)
                {
                    busy.Cpu = _random.Next(110);
                    busy.Disk = _random.Next(110);
                }

                break;
            case 30:
                if (_random.Next(10) == 0)
                {
                    SetPolicy(Policies.Any(_random));
                }

                break;
            case 31:
                if (_random.Next(20) == 0)
                {
                    _version++;
                }

                break;
        }

        // An operator sees to it that there are about as many nodes as there were, give or take what just crashed.
        if (_nodes.Count < _size * 3 / 4)
        {
            Join();
        }
        else if (_nodes.Count > _size * 5 / 4)
        {
            Leave(Any());
        }

        // A rolling update: whoever has the old version goes, and another comes.
        if (_random.Next(10) == 0 && _nodes.Find(node => node.View.Version.Version != $"{_version}.0" && node.View.Status == NodeStatus.Up) is { } old)
        {
            Leave(old);
            Join(old.View.Location.Region);
        }
    }

    private SimNode? Any() => _nodes.Count == 0 ? null : _nodes[_random.Next(_nodes.Count)];

    private void Join(string? region = null)
    {
        region ??= s_regions[_random.Next(s_regions.Length)];
        var number = _nextNode++;
        var location = new NodeLocation(region, $"{region}-{_random.Next(3)}", $"{region}-m{_random.Next(60)}", new Dictionary<string, string> { ["rack"] = $"r{_random.Next(20)}" });
        var node = new SimNode(new NodeView($"akka.tcp://sim@10.0.{number / 250}.{number % 250}:1", location, AppVersion.Create($"{_version}.0"))) { NextReport = Now };
        node.Report(_maxServers);
        _nodes.Add(node);
        _view = NewView();
    }

    private void Crash(SimNode? node)
    {
        if (node?.GoneAt is null && node is not null)
        {
            node.View.Status = NodeStatus.Unreachable;
            node.GoneAt = Now + TimeSpan.FromSeconds(_random.Next(2, 15));
        }
    }

    private void Leave(SimNode? node)
    {
        if (node is { GoneAt: null })
        {
            node.View.Status = NodeStatus.Leaving;
            node.LeavesInOrder = true;
            node.GoneAt = Now + TimeSpan.FromSeconds(_random.Next(1, 6));
        }
    }

    private void CutOff(string region)
    {
        if (_random.Next(5) != 0)
        {
            return;
        }

        // Some partitions heal before the split-brain resolver acts.
        var heals = _random.Next(2) == 0;
        foreach (var node in _nodes.Where(node => node.View.Location.Region == region && node.GoneAt is null))
        {
            node.View.Status = NodeStatus.Unreachable;
            node.GoneAt = heals ? null : Now + TimeSpan.FromSeconds(10);
        }
    }

    private void HealAll()
    {
        foreach (var node in _nodes.Where(node => node.GoneAt is null))
        {
            node.View.Status = NodeStatus.Up;
        }
    }

    private MoveRequest[] Wishes() =>
    [
        .. Enumerable.Range(0, 3).Select(_ => _shards[_random.Next(_shards.Length)].Name).Distinct()
            .Select(shard => new MoveRequest(shard, _random.Next(2) == 0 ? null : Any()?.View.Address)),
    ];
}
