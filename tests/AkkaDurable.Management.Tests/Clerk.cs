using Akka.Actor;

namespace AkkaDurable.Management.Tests;

/// <summary>A worker of a tree.</summary>
internal sealed class Clerk : ReceiveActor;
