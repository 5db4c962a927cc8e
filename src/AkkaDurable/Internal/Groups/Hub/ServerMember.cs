using Akka.Actor;
using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Internal.Groups.Hub;

/// <summary>One incarnation of a server, as a member of groups.</summary>
internal sealed class ServerMember(string serverType, string key, EntryVersion version, IActorRef self)
{
    public string ServerType { get; } = serverType;

    public string Key { get; } = key;

    public EntryVersion Version { get; } = version;

    public IActorRef Self { get; } = self;
}
