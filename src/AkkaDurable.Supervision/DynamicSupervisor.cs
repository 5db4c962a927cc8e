using Akka.Actor;
using AkkaDurable.Supervision.Internal.Runtime;
using AkkaDurable.Supervision.Internal.State;

namespace AkkaDurable.Supervision;

/// <summary>A supervisor whose children are started at run time. Safe to use from any thread. Starts and stops of different children do not wait for each other.</summary>
/// <remarks>Children have no ids here: a spec's id is a label, and need not be unique. When the supervisor ends, all are stopped at once, each within its <see cref="ChildSpec.Shutdown"/>.</remarks>
public sealed class DynamicSupervisor
{
    private readonly CellAddress _address;

    internal DynamicSupervisor(CellAddress address) => _address = address;

    /// <summary>The dynamic supervisor that an actor is, this run of it.</summary>
    /// <param name="supervisor">Its actor.</param>
    /// <returns>The supervisor, or null if that actor is none.</returns>
    public static DynamicSupervisor? Of(IActorRef supervisor)
    {
        ArgumentNullException.ThrowIfNull(supervisor);
        return SupervisorCell.Of(supervisor) is { Spec: DynamicSupervisorSpec } cell ? new DynamicSupervisor(new CellAddress(cell, [])) : null;
    }

    /// <summary>Starts a child.</summary>
    /// <param name="spec">The child.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Ok with the child (without one when the start was ignored), or <see cref="ChildError.MaxChildren"/>, <see cref="ChildError.InvalidSpec"/>, <see cref="ChildError.StartFailed"/>.</returns>
    public Task<ChildResult> StartChildAsync(ChildSpec spec, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return _address.AskAsync(token => new SupervisorEvent.StartChild(token, spec), cancellationToken);
    }

    /// <summary>Starts a child of a simple supervisor, see <see cref="Supervisor.Simple"/>.</summary>
    /// <param name="argument">The argument from which its spec is made.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>As the other overload.</returns>
    /// <exception cref="InvalidOperationException">The supervisor is no simple one.</exception>
    /// <exception cref="InvalidCastException">The argument is not of the supervisor's type.</exception>
    public Task<ChildResult> StartChildAsync(object? argument, CancellationToken cancellationToken = default)
    {
        if (argument is ChildSpec spec)
        {
            return StartChildAsync(spec, cancellationToken);
        }

        return _address.Find() switch
        {
            null => Task.FromResult(new ChildResult { Error = ChildError.SupervisorNotRunning }),
            { Spec: DynamicSupervisorSpec { Template: { } template } } => StartChildAsync(template(argument), cancellationToken),
            { Spec.Id: var id } => throw new InvalidOperationException($"{id} is no simple supervisor: its children are started from specs"),
        };
    }

    /// <summary>Stops a child by its actor.</summary>
    /// <param name="child">The actor of its present run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Ok when it has ended, or <see cref="ChildError.NotFound"/>.</returns>
    public async Task<ChildResult> TerminateChildAsync(IActorRef child, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(child);
        try
        {
            var run = await _address.QueryAsync(view => view.RunOf(child), cancellationToken).ConfigureAwait(false);
            return await TerminateChildAsync(run, cancellationToken).ConfigureAwait(false);
        }
        catch (SupervisorRequestException gone)
        {
            return gone.Result;
        }
    }

    /// <summary>Stops a child by its number, also one that is no actor or waits for its restart.</summary>
    /// <param name="number"><see cref="ChildInfo.Number"/> or <see cref="ChildResult.Number"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Ok when it has ended, or <see cref="ChildError.NotFound"/>.</returns>
    public Task<ChildResult> TerminateChildAsync(long number, CancellationToken cancellationToken = default) =>
        _address.AskAsync(token => new SupervisorEvent.TerminateRun(token, number), cancellationToken);

    /// <summary>All children, in no order.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The children.</returns>
    /// <exception cref="SupervisorRequestException">The supervisor does not run.</exception>
    public Task<IReadOnlyList<ChildInfo>> WhichChildrenAsync(CancellationToken cancellationToken = default) =>
        _address.QueryAsync<IReadOnlyList<ChildInfo>>(view => [.. view.Children], cancellationToken);

    /// <summary>How many children there are.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The counts.</returns>
    /// <exception cref="SupervisorRequestException">The supervisor does not run.</exception>
    public Task<ChildCounts> CountChildrenAsync(CancellationToken cancellationToken = default) => _address.QueryAsync(view => view.Counts, cancellationToken);
}
