using Akka.Actor;
using Akka.Event;
using AkkaDurable.Supervision.Internal.Runtime;

namespace AkkaDurable.Supervision;

/// <summary>The end of a tree's root.</summary>
/// <param name="Spec">The root's spec.</param>
/// <param name="Reason">Why it ended; <see cref="ExitReason.Shutdown"/> also when it gave up, as in OTP.</param>
/// <param name="IsEscalation">Whether it gave up since there were too many restarts.</param>
public sealed record RootExit(ChildSpec Spec, ExitReason Reason, bool IsEscalation)
{
    /// <summary>What is done about it by default: a log line, and after an escalation or an abnormal end the actor system is terminated by coordinated shutdown and the process's exit code set to 1.</summary>
    /// <param name="exit">The end.</param>
    /// <param name="system">The actor system.</param>
    public static void EndTheSystem(RootExit exit, ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(exit);
        ArgumentNullException.ThrowIfNull(system);
        if (!exit.IsEscalation && !exit.Reason.IsAbnormal)
        {
            system.Log.Info("The supervision tree {0} has ended by itself: {1}.", exit.Spec.Id, exit.Reason);
            return;
        }

        system.Log.Error("The supervision tree {0} has given up ({1}). The actor system is terminated.", exit.Spec.Id, exit.IsEscalation ? "too many restarts" : exit.Reason.ToString());
        Environment.ExitCode = TreeGaveUp.Instance.ExitCode;
        _ = CoordinatedShutdown.Get(system).Run(TreeGaveUp.Instance);
    }
}
