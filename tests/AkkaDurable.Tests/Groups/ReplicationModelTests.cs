using AkkaDurable.Internal.Groups.Replication;
using CsCheck;

namespace AkkaDurable.Tests.Groups;

/// <summary>
/// Nodes that tell each other of their entries over links that lose messages and are cut, while servers move, crash and are deleted, members join and leave, and nodes are lost and come back under the same address.
/// Whatever happens: what a watcher is told makes sense at every moment, and when all is quiet everybody sees what truly is.
/// </summary>
public sealed class ReplicationModelTests
{
    private const int Nodes = 3;

    // Here everybody asks for everything.
    private static readonly InterestSet s_all = Everything();

    [Fact]
    public void Everybody_sees_what_is_once_it_is_quiet() =>
        Gen.Int[0, 1_000_000].Array[20, 300].Sample(script => new World().Run(script), iter: 3_000);

    private static InterestSet Everything()
    {
        var all = new InterestSet();
        all.Add(new Interest(1, new Selector(InterestKind.Cluster, "", "")));
        all.Add(new Interest(2, new Selector(InterestKind.AllServers, "", "")));
        return all;
    }

    private sealed class World
    {
        private readonly NaiveNode[] _nodes = new NaiveNode[Nodes];

        // By receiver's place and sender: what is on its way, in order.
        private readonly Dictionary<(int To, NodeId From), Queue<Frame>> _links = [];
        private readonly HashSet<(int, int)> _cut = [];
        private readonly Dictionary<string, (long Life, long Epoch)> _records = [];
        private long _uids;
        private long _joins;
        private long _lives = 1_000;

        public World()
        {
            for (var i = 0; i < Nodes; i++)
            {
                Start(i);
            }
        }

        public void Run(int[] script)
        {
            foreach (var step in script)
            {
                Step(step % 20, step / 20 % Nodes, step / 60 % Nodes, step / 180 % 4, step / 720);
            }

            Settle();
        }

        private void Step(int what, int one, int other, int key, int more)
        {
            var node = _nodes[one];
            switch (what)
            {
                case < 3:
                    Claim(node, $"k{key}", more);
                    break;
                case 3:
                    End(node, EntryId.OfServer("t", $"k{key}"), more % 4 == 0 ? LifecycleReason.Delete : LifecycleReason.Shutdown);
                    break;
                case 4:
                    Update(node, EntryId.OfServer("t", $"k{key}"), more);
                    break;
                case 5 or 6:
                    var id = EntryId.OfMember("", $"g{key}", $"{node.Id.Address}/{node.Id.Uid}/{more % 3}");
                    if (node.Own.ContainsKey(id))
                    {
                        Update(node, id, more);
                    }
                    else
                    {
                        Put(node, new Entry(id, new EntryVersion(0, ++_joins), Meta(more)), continues: false);
                    }

                    break;
                case 7:
                    End(node, EntryId.OfMember("", $"g{key}", $"{node.Id.Address}/{node.Id.Uid}/{more % 3}"), LifecycleReason.Normal);
                    break;
                case < 14:
                    Deliver(one, other, more % 5 + 1);
                    break;
                case 14:
                    Lose(one, other, more % 3 + 1);
                    break;
                case 15:
                    Compare(one, other);
                    break;
                case 16:
                    _cut.Add((one, other));
                    break;
                case 17:
                    _cut.Remove((one, other));
                    break;
                case 18 when more % 4 == 0:
                    Restart(one);
                    break;
                case 19 when node.Own.TryGetValue(EntryId.OfServer("t", $"k{key}"), out var running) && IsOwner(running):
                    // The node's lease was lost, and the claim renewed under the running server.
                    _records[$"k{key}"] = (running.Version.Life, running.Version.Epoch + 1);
                    Put(node, running with { Version = new(running.Version.Life, running.Version.Epoch + 1) }, continues: true);
                    break;
            }
        }

        // Takes the record over; the former owner, if there is one, does not know yet, or has ended just before.
        private void Claim(NaiveNode node, string key, int more)
        {
            var id = EntryId.OfServer("t", key);
            var record = _records.TryGetValue(key, out var known) ? (known.Life, known.Epoch + 1) : (SkewedLife(more), 1);
            if (more % 2 == 0)
            {
                foreach (var former in _nodes.Where(former => former != node))
                {
                    End(former, id, LifecycleReason.OwnershipLost);
                }
            }

            _records[key] = record;
            if (node.Own.TryGetValue(id, out var before))
            {
                Tell(node, new FeedOp.Remove(id, before.Version, LifecycleReason.Error));
            }

            Put(node, new Entry(id, new EntryVersion(record.Item1, record.Item2), Meta(more)), continues: false);
        }

        // Clocks of nodes differ, so a record made later may look older.
        private long SkewedLife(int more) => (_lives += 10) + (more % 5 * 7) - 14;

        private bool IsOwner(Entry entry) => _records.TryGetValue(entry.Id.Name, out var record) && record == (entry.Version.Life, entry.Version.Epoch);

        private void End(NaiveNode node, EntryId id, LifecycleReason reason)
        {
            if (!node.Own.Remove(id, out var entry))
            {
                return;
            }

            if (reason == LifecycleReason.Delete && IsOwner(entry))
            {
                _records.Remove(id.Name);
            }

            Tell(node, new FeedOp.Remove(id, entry.Version, reason));
        }

        private void Update(NaiveNode node, EntryId id, int more)
        {
            if (node.Own.TryGetValue(id, out var entry))
            {
                Put(node, entry with { Meta = Meta(more) }, continues: false);
            }
        }

        private void Put(NaiveNode node, Entry entry, bool continues)
        {
            node.Own[entry.Id] = entry;
            Tell(node, new FeedOp.Put(entry, continues));
        }

        private void Tell(NaiveNode node, FeedOp op)
        {
            // Its own watchers are told by the same table.
            List<Change> changes = [];
            if (op is FeedOp.Put put)
            {
                node.Replicas.Table.Put(node.Id, put.Entry, put.Continues, changes);
            }
            else if (op is FeedOp.Remove remove)
            {
                node.Replicas.Table.Remove(node.Id, remove.Id, remove.Version, remove.Reason, changes);
            }

            Take(node, changes);
            foreach (var (to, writer) in node.Writers)
            {
                Send(node, to, writer.Go([op]));
            }
        }

        private void Send(NaiveNode node, NodeId to, IEnumerable<Frame> frames)
        {
            var place = Array.FindIndex(_nodes, other => other.Id == to);
            foreach (var frame in frames)
            {
                // A cut link loses what is sent meanwhile.
                if (!_cut.Contains((Array.IndexOf(_nodes, node), place)))
                {
                    Link(place, node.Id).Enqueue(frame);
                }
            }
        }

        private Queue<Frame> Link(int to, NodeId from)
        {
            if (!_links.TryGetValue((to, from), out var link))
            {
                _links[(to, from)] = link = new();
            }

            return link;
        }

        private void Deliver(int to, int from, int count)
        {
            // Also what a former incarnation of the sender has left on the way.
            foreach (var ((receiver, sender), link) in _links.Where(link => link.Key.To == to && link.Key.From.Address == $"n{from}").ToList())
            {
                for (var i = 0; i < count && link.TryDequeue(out var frame); i++)
                {
                    Receive(_nodes[receiver], frame);
                }
            }
        }

        private void Lose(int to, int from, int count)
        {
            var link = Link(to, _nodes[from].Id);
            for (var i = 0; i < count && link.TryDequeue(out _); i++)
            {
            }
        }

        private void Receive(NaiveNode node, Frame frame)
        {
            List<Change> changes = [];
            var outcome = node.Replicas.Receive(frame, s_all, s_all, changes, []);
            Assert.True(changes.Count == 0 || _nodes.Any(known => known.Id == frame.From), "a node that is gone was believed");
            Take(node, changes);
            if (outcome == FeedReader.Outcome.Gap)
            {
                Resync(frame.From, node.Id);
            }
        }

        private void Compare(int to, int from)
        {
            var (receiver, sender) = (_nodes[to], _nodes[from]);
            if (to != from && !_cut.Contains((from, to)) && sender.Writers.TryGetValue(receiver.Id, out var writer))
            {
                var (feed, sequence) = writer.Last;

                // Travels behind the frames that are on their way.
                Deliver(to, from, int.MaxValue);
                if (receiver.Replicas.IsBehind(sender.Id, feed, sequence))
                {
                    Resync(sender.Id, receiver.Id);
                }
            }
        }

        private void Resync(NodeId from, NodeId to)
        {
            if (Array.Find(_nodes, node => node.Id == from) is { } sender && sender.Writers.TryGetValue(to, out var writer))
            {
                Send(sender, to, writer.Begin(sender.Own.Values.Select(entry => new FeedOp.Put(entry))));
            }
        }

        private void Start(int place)
        {
            var node = new NaiveNode(new NodeId($"n{place}", ++_uids));
            _nodes[place] = node;
            foreach (var other in _nodes.Where(other => other is not null && other != node))
            {
                node.Replicas.Add(other.Id);
                other.Replicas.Add(node.Id);
                other.Writers[node.Id] = new FeedWriter(other.Id);
                node.Writers[other.Id] = new FeedWriter(node.Id);
                Resync(other.Id, node.Id);
                Resync(node.Id, other.Id);
            }
        }

        private void Restart(int place)
        {
            var gone = _nodes[place].Id;
            foreach (var other in _nodes.Where(other => other.Id != gone))
            {
                List<Change> changes = [];
                other.Replicas.Remove(gone, LifecycleReason.NodeLost, changes);
                other.Writers.Remove(gone);
                Take(other, changes);
                Assert.DoesNotContain(other.Replicas.Table.Seen, seen => seen.Node == gone);
            }

            // What was on its way to it has the number of its actor, and does not reach its successor's.
            foreach (var link in _links.Where(link => link.Key.To == place))
            {
                link.Value.Clear();
            }

            Start(place);
        }

        // What a watcher makes of it.
        private static void Take(NaiveNode node, List<Change> changes)
        {
            foreach (var change in changes)
            {
                var id = change.Entry.Id;
                switch (change.Kind)
                {
                    case ChangeKind.Added:
                        Assert.True(node.Picture.TryAdd(id, change.Entry), $"{id} was added twice");
                        break;
                    case ChangeKind.Updated:
                        Assert.Equal(node.Picture[id].Meta, change.Previous);
                        node.Picture[id] = change.Entry;
                        break;
                    default:
                        Assert.True(node.Picture.Remove(id), $"{id} was removed, and was not there");
                        Assert.NotEqual(default, change.Reason);
                        break;
                }
            }
        }

        private void Settle()
        {
            _cut.Clear();

            // Whoever was overtaken finds out by its next save.
            foreach (var node in _nodes)
            {
                foreach (var stale in node.Own.Values.Where(entry => entry.Id.Kind == EntryKind.Server && !IsOwner(entry)).ToList())
                {
                    End(node, stale.Id, LifecycleReason.OwnershipLost);
                }
            }

            for (var round = 0; round < 4; round++)
            {
                for (var to = 0; to < Nodes; to++)
                {
                    for (var from = 0; from < Nodes; from++)
                    {
                        Deliver(to, from, int.MaxValue);
                        Compare(to, from);
                    }
                }
            }

            var truth = _nodes.SelectMany(node => node.Own.Values).ToDictionary(entry => entry.Id);
            foreach (var node in _nodes)
            {
                Assert.True(Show(truth.Values) == Show(node.Replicas.Table.Seen.Select(seen => seen.Entry)), $"{node.Id} sees\n{Show(node.Replicas.Table.Seen.Select(seen => seen.Entry))}\nThere is\n{Show(truth.Values)}");

                // A claim that was renewed is no event.
                Assert.Equal(Show(truth.Values, epochs: false), Show(node.Picture.Values, epochs: false));
                foreach (var group in truth.Keys.Where(id => id.Kind == EntryKind.Member).GroupBy(id => id.Name))
                {
                    Assert.Equal(group.Count(), node.Replicas.Table.Count("", group.Key));
                    Assert.Contains(group.Key, node.Replicas.Table.Groups("", "g"));
                }
            }
        }

        private static string Show(IEnumerable<Entry> entries, bool epochs = true) =>
            string.Join("\n", entries.Select(entry => $"{entry.Id} {entry.Version.Life} {(epochs ? entry.Version.Epoch : 0)} {entry.Meta["m"]}").Order(StringComparer.Ordinal));

        private static Dictionary<string, string> Meta(int more) => new() { ["m"] = $"{more % 7}" };
    }
}
