using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using AkkaDurable.Internal.Groups.Hub;
using AkkaDurable.Internal.Groups.Replication;
using AkkaDurable.Internal.Runtime;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Tests.Groups;

/// <summary>Hubs that talk with each other without actors, over a network that loses what it likes, hellos and answers too.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "A node without servers holds nothing.")]
public sealed class HubPairTests
{
    private static readonly IReadOnlyDictionary<string, string> s_noMeta = new Dictionary<string, string>();

    [Fact]
    public void Whatever_is_lost_the_next_comparisons_bring_it() =>
        Gen.Int[0, 100_000].Array[5, 120].Sample(
            script =>
            {
                var network = new Network(3);
                foreach (var step in script)
                {
                    network.Step(step % 12, step / 12 % 3, step / 36 % 3, step / 108);
                }

                network.Quiet();
            },
            iter: 1_000);

    [Fact]
    public void A_first_snapshot_that_was_lost_is_asked_for_again()
    {
        var network = new Network(2);
        network.Nodes[0].Join("", "a");
        network.LosesAll = true;
        network.Deliver();
        network.LosesAll = false;
        Assert.Equal(0, network.Nodes[1].Count("", "a"));
        network.Quiet();
        Assert.Equal(1, network.Nodes[1].Count("", "a"));
    }

    private sealed class Network
    {
        private readonly Queue<(Node To, IHubMessage Message, IActorRef From)> _wire = new();

        public Network(int count)
        {
            Nodes = [.. Enumerable.Range(0, count).Select(i => new Node(this, i))];
            foreach (var node in Nodes)
            {
                foreach (var other in Nodes)
                {
                    node.Hub.Receive(new MemberSeen(other.Id, IsReachable: true), ActorRefs.Nobody);
                }

                node.Hub.Start();
            }
        }

        public IReadOnlyList<Node> Nodes { get; }

        public bool LosesAll { get; set; }

        public void Send(Node to, IHubMessage message, IActorRef from) => _wire.Enqueue((to, message, from));

        public void Step(int what, int one, int group, int more)
        {
            var node = Nodes[one];
            switch (what)
            {
                case < 3:
                    node.Join(more % 2 == 0 ? "" : "blue", $"g{group}");
                    break;
                case 3:
                    node.Leave(more);
                    break;
                case 4:
                    _ = node.Count("blue", "g0");
                    break;
                case 5:
                    node.Disconnect("blue");
                    break;
                case < 9:
                    Deliver(more % 7);
                    break;
                case 9:
                    for (var i = more % 3; i >= 0 && _wire.TryDequeue(out _); i--)
                    {
                    }

                    break;
                default:
                    node.Hub.Tick();
                    break;
            }

            Deliver(0);
        }

        /// <summary>Lets hubs have their turn, and some messages arrive.</summary>
        public void Deliver(int messages = int.MaxValue)
        {
            do
            {
                foreach (var node in Nodes)
                {
                    node.Run();
                }
            }
            while (messages-- > 0 && TryDeliverOne());
        }

        /// <summary>Nothing is lost any more, and a few comparisons go by.</summary>
        public void Quiet()
        {
            for (var i = 0; i < 5; i++)
            {
                Deliver();
                foreach (var node in Nodes)
                {
                    node.Hub.Tick();
                }
            }

            Deliver();
            foreach (var cluster in new[] { "", "blue" })
            {
                // Whoever asks is connected.
                foreach (var node in Nodes)
                {
                    _ = node.Count(cluster, "g0");
                    Deliver();
                }

                foreach (var (node, group) in Nodes.SelectMany(node => new[] { "g0", "g1", "g2" }.Select(group => (node, group))))
                {
                    Assert.Equal(Nodes.Sum(other => other.Joined(cluster, group)), node.Count(cluster, group));
                }
            }
        }

        private bool TryDeliverOne()
        {
            if (!_wire.TryDequeue(out var next))
            {
                return false;
            }

            if (!LosesAll)
            {
                next.To.Hub.Receive(next.Message, next.From);
            }

            return true;
        }
    }

    private sealed class Node : IHubHost
    {
        private readonly Network _network;
        private readonly Queue<object> _mailbox = new();
        private readonly List<(string Cluster, string Group, GroupConsumer Consumer)> _joined = [];
        private readonly FakeTimeProvider _time = new();

        public Node(Network network, int number)
        {
            _network = network;
            Id = new NodeId($"akka.tcp://test@host{number}:1", number + 1);
            Ref = new HubRef(this);
            Hub = new GroupHub(new DurableNode(_time, null, null, Id.Address, 100_000), new DurableGroupOptions(), Id) { Host = this };
        }

        public NodeId Id { get; }

        public HubRef Ref { get; }

        public GroupHub Hub { get; }

        public int Joined(string cluster, string group) => _joined.Count(member => member.Cluster == cluster && member.Group == group);

        public void Join(string cluster, string group)
        {
            var consumer = new GroupConsumer(1);
            _joined.Add((cluster, group, consumer));
            Hub.Receive(new JoinConsumer(cluster, group, consumer, s_noMeta, new()), ActorRefs.Nobody);
        }

        public void Leave(int which)
        {
            if (_joined.Count > 0)
            {
                var (cluster, group, consumer) = _joined[which % _joined.Count];
                _joined.RemoveAt(which % _joined.Count);
                Hub.Receive(new Leave(cluster, group, consumer, LifecycleReason.Normal, null), ActorRefs.Nobody);
            }
        }

        public void Disconnect(string cluster)
        {
            _joined.RemoveAll(member => member.Cluster == cluster);
            Hub.Receive(new DisconnectCluster(cluster, new()), ActorRefs.Nobody);
        }

        // Not waited for: what is known at this moment.
        public int Count(string cluster, string group)
        {
            var asked = new TaskCompletionSource<int>();
            Hub.Receive(new CountQuery(cluster, group, LocalOnly: false, asked), ActorRefs.Nobody);
            return asked.Task.IsCompleted ? asked.Task.Result : 0;
        }

        public void Run()
        {
            while (_mailbox.TryDequeue(out var message))
            {
                Hub.Receive(message, ActorRefs.Nobody);
            }
        }

        void IHubHost.Watch(IActorRef actor)
        {
        }

        void IHubHost.Unwatch(IActorRef actor)
        {
        }

        void IHubHost.Look(string address) => _mailbox.Enqueue(new HubFound(address, _network.Nodes.First(node => node.Id.Address == address).Ref));

        void IHubHost.Tell(IActorRef hub, IHubMessage message) => _network.Send(((HubRef)hub).Node, message, Ref);

        void IHubHost.Post(object message) => _mailbox.Enqueue(message);

        IActorRef IHubHost.Resolve(string path) => ActorRefs.Nobody;
    }

    private sealed class HubRef(Node node) : MinimalActorRef
    {
        public Node Node { get; } = node;

        public override ActorPath Path { get; } = new RootActorPath(Address.Parse(node.Id.Address)) / "hub";

        public override IActorRefProvider Provider => throw new NotSupportedException();
    }
}
