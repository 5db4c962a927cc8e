using Akka.Actor;
using AkkaDurable.Supervision.Internal.Runtime;
using AkkaDurable.Supervision.Internal.Specs;
using AkkaDurable.Supervision.Internal.State;

namespace AkkaDurable.Supervision;

/// <summary>Equal children among which work is divided by key. Safe to use from any thread.</summary>
/// <remarks>An integer key goes to the partition of its remainder, any other key by a hash of its text; the same key goes to the same partition as long as their number stays.</remarks>
public sealed class PartitionSupervisor
{
    private readonly CellAddress _address;
    private readonly TimeProvider _time;
    private int? _used;

    internal PartitionSupervisor(CellAddress address, TimeProvider time)
    {
        _address = address;
        _time = time;
    }

    /// <summary>How many partitions are in use.</summary>
    /// <exception cref="SupervisorRequestException">The supervisor does not run.</exception>
    public int Count => _used ?? Most;

    private int Most => _address.Find() is { Spec: SupervisorSpec spec }
        ? spec.Children.Length
        : throw new SupervisorRequestException(new ChildResult { Error = ChildError.SupervisorNotRunning });

    /// <summary>The supervisor over the partitions.</summary>
    public SupervisorRef Supervisor => new(_address);

    /// <summary>The actor that a key belongs to.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The actor; null while that partition does not run.</returns>
    /// <exception cref="InvalidOperationException">There are no partitions.</exception>
    public IActorRef? For(object key) => _address.Find() is { } cell && cell.Children.TryGetValue(Id(key), out var child) ? child.Actor : null;

    /// <summary>The dynamic supervisor that a key belongs to, if that is what the partitions are.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The supervisor.</returns>
    /// <exception cref="InvalidOperationException">There are no partitions.</exception>
    public DynamicSupervisor Dynamic(object key) => new(_address.Child(Id(key)));

    /// <summary>The task supervisor that a key belongs to, if that is what the partitions are.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The supervisor.</returns>
    /// <exception cref="InvalidOperationException">There are no partitions.</exception>
    public TaskSupervisor Tasks(object key) => new(_address.Child(Id(key)), _time);

    /// <summary>Uses fewer partitions, or more again. Those that are not used are stopped, so keys move. Only this object knows of it: share it.</summary>
    /// <param name="partitions">How many: from 0 to the number that the supervisor was made with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="ArgumentOutOfRangeException">That many there cannot be.</exception>
    /// <exception cref="SupervisorRequestException">The supervisor does not run, or a partition could not be started.</exception>
    public async Task<int> ResizeAsync(int partitions, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partitions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partitions, Most);
        var before = Count;
        for (var number = before; number < partitions; number++)
        {
            var id = PartitionId.Of(number);
            var started = await _address.AskAsync(token => new SupervisorEvent.RestartChild(token, id), cancellationToken).ConfigureAwait(false);
            if (started.Error != ChildError.Running)
            {
                started.OrThrow();
            }
        }

        // Keys go elsewhere before the partition that they went to stops.
        _used = partitions;
        for (var number = partitions; number < before; number++)
        {
            var id = PartitionId.Of(number);
            (await _address.AskAsync(token => new SupervisorEvent.TerminateChild(token, id), cancellationToken).ConfigureAwait(false)).OrThrow();
        }

        return before;
    }

    private string Id(object key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Count is var count and > 0 ? PartitionId.Of(PartitionId.For(key, count)) : throw new InvalidOperationException("there are no partitions");
    }
}
