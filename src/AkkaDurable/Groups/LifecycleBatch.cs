namespace AkkaDurable;

/// <summary>What a watcher is told at one time. Events of one server or member come in the order in which they happened, in one batch or in several; what changed at once, such as by the loss of a node, comes in one batch.</summary>
/// <param name="Events">The events.</param>
/// <param name="Missed">
/// Whether events before this batch were lost to this watcher: it read too slowly, or messages between nodes were lost. Then it must forget what it knows; <paramref name="Events"/> has a
/// <see cref="LifecycleEventKind.Registered"/> or <see cref="LifecycleEventKind.Joined"/> for each server and member that there is now.
/// </param>
public sealed record LifecycleBatch(IReadOnlyList<LifecycleEvent> Events, bool Missed = false);
