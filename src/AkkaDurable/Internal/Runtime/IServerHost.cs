using Akka.Actor;
using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Runtime;

/// <summary>What a server process needs of whoever runs it: an actor in a cluster, or a probe in a test.</summary>
internal interface IServerHost
{
    /// <summary>The server's own address.</summary>
    IActorRef Self { get; }

    /// <summary>Puts a message into the server's mailbox. Safe from any thread.</summary>
    void Post(object message);

    /// <summary>Asks for a <see cref="StopServer"/>, after which no more messages come.</summary>
    void RequestStop();

    /// <summary>Ends the process, on <see cref="StopServer"/>.</summary>
    void Stop();

    /// <summary>Hands back a message that was not handled, for the server's next incarnation.</summary>
    void HandBack(ServerEnvelope message, IActorRef sender);
}
