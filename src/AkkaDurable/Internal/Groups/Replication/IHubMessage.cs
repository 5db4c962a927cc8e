namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>What crosses the wire between hubs.</summary>
internal interface IHubMessage;
