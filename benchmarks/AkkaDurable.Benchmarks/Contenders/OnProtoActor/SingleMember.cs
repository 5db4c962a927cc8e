using Proto.Cluster;

namespace AkkaDurable.Benchmarks.Contenders.OnProtoActor;

/// <summary>A cluster of this one process. Proto.Actor's own in-memory provider is in a package of its own, Proto.Cluster.TestProvider.</summary>
internal sealed class SingleMember : IClusterProvider
{
    public Task StartMemberAsync(Cluster cluster)
    {
        var (host, port) = cluster.System.GetAddress();
        var member = new Member { Id = cluster.System.Id, Host = host, Port = port };
        member.Kinds.AddRange(cluster.GetClusterKinds());
        cluster.MemberList.UpdateClusterTopology([member]);
        return Task.CompletedTask;
    }

    public Task StartClientAsync(Cluster cluster) => throw new NotSupportedException("The one process is a member.");

    public Task ShutdownAsync(bool graceful) => Task.CompletedTask;
}
