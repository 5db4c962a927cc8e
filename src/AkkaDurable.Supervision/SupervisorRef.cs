using Akka.Actor;
using AkkaDurable.Supervision.Internal.Runtime;
using AkkaDurable.Supervision.Internal.State;

namespace AkkaDurable.Supervision;

/// <summary>A supervisor with ordered children, to administer at run time. Safe to use from any thread. Requests are handled one after the other; while children are being started or stopped they wait.</summary>
/// <remarks>A supervisor that does not run answers <see cref="ChildError.SupervisorNotRunning"/>. Cancelling a request ends the wait, not the request. A child that asks its own supervisor to stop it must not wait for the answer.</remarks>
public sealed class SupervisorRef
{
    private readonly CellAddress _address;

    internal SupervisorRef(CellAddress address) => _address = address;

    /// <summary>The supervisor that an actor is, this run of it: for one below a dynamic supervisor, or for <c>Context.Parent</c>.</summary>
    /// <param name="supervisor">Its actor.</param>
    /// <returns>The supervisor, or null if that actor is none.</returns>
    public static SupervisorRef? Of(IActorRef supervisor)
    {
        ArgumentNullException.ThrowIfNull(supervisor);
        return SupervisorCell.Of(supervisor) is { } cell ? new SupervisorRef(new CellAddress(cell, [])) : null;
    }

    /// <summary>Adds a child behind the others and starts it. Its spec is kept when the start was ignored (but for a temporary child), and dropped when it failed.</summary>
    /// <param name="spec">The child.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Ok with the child, or <see cref="ChildError.AlreadyStarted"/>, <see cref="ChildError.AlreadyPresent"/>, <see cref="ChildError.InvalidSpec"/>, <see cref="ChildError.StartFailed"/>.</returns>
    public Task<ChildResult> StartChildAsync(ChildSpec spec, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return _address.AskAsync(token => new SupervisorEvent.StartChild(token, spec), cancellationToken);
    }

    /// <summary>Stops a child, or its restart that is pending. Its spec is kept, but for a temporary child.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Ok when it has ended, also when it did not run; or <see cref="ChildError.NotFound"/>.</returns>
    public Task<ChildResult> TerminateChildAsync(string id, CancellationToken cancellationToken = default) =>
        _address.AskAsync(token => new SupervisorEvent.TerminateChild(token, id), cancellationToken);

    /// <summary>Starts a child that does not run.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Ok with the child (without one when the start was ignored), or <see cref="ChildError.NotFound"/>, <see cref="ChildError.Running"/>, <see cref="ChildError.Restarting"/>, <see cref="ChildError.StartFailed"/>.</returns>
    public Task<ChildResult> RestartChildAsync(string id, CancellationToken cancellationToken = default) =>
        _address.AskAsync(token => new SupervisorEvent.RestartChild(token, id), cancellationToken);

    /// <summary>Forgets a child that does not run.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Ok, or <see cref="ChildError.NotFound"/>, <see cref="ChildError.Running"/>, <see cref="ChildError.Restarting"/>.</returns>
    public Task<ChildResult> DeleteChildAsync(string id, CancellationToken cancellationToken = default) =>
        _address.AskAsync(token => new SupervisorEvent.DeleteChild(token, id), cancellationToken);

    /// <summary>All children in start order, running or not.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The children. Answered at once, also while children are being started or stopped.</returns>
    /// <exception cref="SupervisorRequestException">The supervisor does not run.</exception>
    public Task<IReadOnlyList<ChildInfo>> WhichChildrenAsync(CancellationToken cancellationToken = default) =>
        _address.QueryAsync<IReadOnlyList<ChildInfo>>(view => [.. view.Children], cancellationToken);

    /// <summary>How many children there are.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The counts.</returns>
    /// <exception cref="SupervisorRequestException">The supervisor does not run.</exception>
    public Task<ChildCounts> CountChildrenAsync(CancellationToken cancellationToken = default) => _address.QueryAsync(view => view.Counts, cancellationToken);

    /// <summary>The spec of a child.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The spec, or null if there is no such child.</returns>
    /// <exception cref="SupervisorRequestException">The supervisor does not run.</exception>
    public Task<ChildSpec?> GetChildSpecAsync(string id, CancellationToken cancellationToken = default) =>
        _address.QueryAsync(view => view.Children.FirstOrDefault(child => child.Id == id)?.Spec, cancellationToken);

    /// <summary>The actor of a child that runs.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The actor; null when the child does not run or is none.</returns>
    public IActorRef? Child(string id) => _address.Find() is { } cell && cell.Children.TryGetValue(id, out var child) ? child.Actor : null;
}
