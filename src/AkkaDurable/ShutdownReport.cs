namespace AkkaDurable;

/// <summary>What became of a node's servers when it stopped.</summary>
/// <param name="Stopped">How many servers were stopped since the shutdown began, saved or not.</param>
/// <param name="Saved">How many of them stored their last state and released their record. A server that was ended while it had nothing to store is counted as stopped only.</param>
/// <param name="NotSaved">The others, in the order of type and key.</param>
/// <param name="Duration">From the begin of the shutdown to the end of the servers' part of it.</param>
/// <param name="Budget">How long the whole shutdown may take: <see cref="DurableServersSetup.ShutdownBudget"/>.</param>
public sealed record ShutdownReport(int Stopped, int Saved, IReadOnlyList<UnsavedServer> NotSaved, TimeSpan Duration, TimeSpan Budget)
{
    /// <summary>Whether every server that had something to store could do so: what an exit code of 0 would say.</summary>
    public bool IsComplete => NotSaved.Count == 0;
}
