using Akka.Actor;

namespace AkkaDurable.Management.Internal.Relay;

/// <summary>What the nodes of a cluster tell each other to run a verb of one at another.</summary>
internal abstract record RelayMessage
{
    private RelayMessage()
    {
    }

    /// <summary>Asks the other node's host to run a verb. The sender is the one who gets the output.</summary>
    /// <param name="Palette">The palette.</param>
    /// <param name="Verb">The verb.</param>
    /// <param name="Words">What follows it.</param>
    /// <param name="Caller">Who asked, for logs.</param>
    /// <param name="Credit">How many outputs may be sent before more are asked for.</param>
    internal sealed record Run(string Palette, string Verb, IReadOnlyList<string> Words, string Caller, int Credit) : RelayMessage;

    /// <summary>It runs; its sender is who runs it.</summary>
    internal sealed record Started : RelayMessage;

    /// <summary>One output.</summary>
    internal sealed record Item(CommandOutput Output) : RelayMessage;

    /// <summary>So many more may be sent. That the reader goes on says nothing of the other node, hence the mark.</summary>
    internal sealed record More(int Count) : RelayMessage, INotInfluenceReceiveTimeout;

    /// <summary>It still runs, with nothing to tell.</summary>
    internal sealed record Alive : RelayMessage;

    /// <summary>It has ended; well, if there is no error.</summary>
    internal sealed record Ended(CommandErrorKind? Error, string Text) : RelayMessage;
}
