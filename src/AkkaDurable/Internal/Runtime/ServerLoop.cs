using AkkaDurable.Internal.State;

namespace AkkaDurable.Internal.Runtime;

/// <summary>
/// The book-keeping of one server's state: what it is, what of it is stored, what is being saved, and which outputs wait for which save. Pure: no actor, no store, no clock. The
/// <see cref="ServerProcess"/> tells it what happened and asks it what to do.
/// </summary>
/// <remarks>
/// Each change of the state gets the next number. An output waits for the number that the state had when the output was computed. A save covers all changes up to the one it
/// was begun at; when it succeeds, all outputs that wait for covered changes may leave. Outputs leave in the order in which they were made.
/// </remarks>
internal sealed class ServerLoop
{
    private const long NotSaving = -1;
    private const long InitialChange = 1;

    private readonly StateModel _model;
    private readonly SavePolicy _policy;
    private readonly DurableServer _server;

    // Outputs that wait, oldest first: a list whose links go with its outputs, since most servers have nothing to send most of the time.
    private Gated? _gate;
    private Gated? _gateEnd;

    // What a stopping server sends last: it waits for the final save, and nothing waits behind it.
    private Queue<Output>? _finalGate;

    // What the store holds. Of an immutable state the object tells it; of a mutable one only its JSON, since the object may have changed under the hand.
    private object? _storedState;
    private readonly Snapshots? _snapshots;

    private object? _savingState;

    private long _change;
    private long _savedThrough;
    private long _savingThrough = NotSaving;
    private long _wantedThrough;

    // The change that is saved only once something waits for it: an initial state that nobody has been told of.
    private long _idleThrough;

    private ServerLoop(StateModel model, SavePolicy policy, DurableServer server, object state)
    {
        _model = model;
        _policy = policy;
        _server = server;
        _snapshots = model.IsImmutable ? null : new Snapshots();
        State = state;
    }

    public object State { get; private set; }

    /// <summary>The number of the last change.</summary>
    public long Change => _change;

    public bool IsSaving => _savingThrough != NotSaving;

    /// <summary>Whether something changed since the last save was begun.</summary>
    public bool IsDirty => _change > Math.Max(_savedThrough, _savingThrough);

    public bool HasGated => _gate is not null;

    /// <summary>Whether what is sent now, before the running handler returns, rests on stored state only.</summary>
    public bool InputIsStored => !HasGated && (!_policy.IsGated || _change <= _savedThrough);

    /// <summary>A server whose state came from the store.</summary>
    public static ServerLoop FromStored(StateModel model, SavePolicy policy, DurableServer server, object state, ReadOnlyMemory<byte> json, int version)
    {
        var loop = new ServerLoop(model, policy, server, state);
        if (version != model.VersionOf(server))
        {
            // Migrated: what is stored is another shape. It is written in the new one with the first change or at the stop.
            return loop;
        }

        loop.SetStored(state, json);
        if (loop._snapshots is { } snapshots)
        {
            snapshots.Accepted = json;
        }

        return loop;
    }

    /// <summary>
    /// A server without stored state. Its initial state may be another one the next time it is asked for (it may hold a new number, or the time), so it counts as a change like any other; but it is
    /// saved only once something waits for it.
    /// </summary>
    public static ServerLoop FromInitial(StateModel model, SavePolicy policy, DurableServer server, object state) =>
        new ServerLoop(model, policy, server, state) { _change = InitialChange, _idleThrough = InitialChange }.AcceptFirst(policy.IsGated);

    /// <summary>A server without stored state, begun with a state that somebody gave: to be saved before anything leaves.</summary>
    public static ServerLoop FromGiven(StateModel model, SavePolicy policy, DurableServer server, object state) =>
        new ServerLoop(model, policy, server, state) { _change = InitialChange, _wantedThrough = InitialChange }.AcceptFirst(snapshot: true);

    /// <summary>Takes the state that a handler returned. Throws <see cref="StateWriteException"/>.</summary>
    /// <param name="state">The state.</param>
    /// <param name="save">Whether the handler asked for a save.</param>
    /// <returns>The number of the change that outputs of this handler wait for.</returns>
    public long Accept(object state, bool save)
    {
        // Also while an earlier result waits for a save: that save may be begun while a later handler runs.
        if (HasChanged(state, snapshot: _policy.IsGated || save || _wantedThrough > _savedThrough))
        {
            _change++;
        }

        State = state;
        if (save)
        {
            _wantedThrough = _change;
        }

        return _policy.IsGated || save ? _change : 0;
    }

    /// <summary>The number that an output waits for when it was computed from no handler's result but from what is known now.</summary>
    public long Now => _policy.IsGated ? _change : 0;

    /// <summary>Has the next <see cref="TryBeginSave"/> save what changed, whatever the policy.</summary>
    public void WantSave() => _wantedThrough = _change;

    /// <summary>The same, when it is not the state that changed but what is stored beside it.</summary>
    public void WantSaveEvenUnchanged() => _wantedThrough = ++_change;

    /// <summary>Lets an output leave at once, when nothing holds it back, or else queues it behind those before it.</summary>
    public void Emit(in Output output, long waitsFor)
    {
        if (waitsFor <= _savedThrough && !HasGated)
        {
            output.Send();
            return;
        }

        var gated = new Gated(output, waitsFor);
        if (_gateEnd is null)
        {
            _gate = gated;
        }
        else
        {
            _gateEnd.Next = gated;
        }

        _gateEnd = gated;
    }

    /// <summary>Keeps an output until the final save has ended.</summary>
    public void EmitFinally(in Output output) => (_finalGate ??= new()).Enqueue(output);

    /// <summary>The next output that may leave.</summary>
    public bool TryRelease(out Output output)
    {
        if (_gate is { } head && head.WaitsFor <= _savedThrough)
        {
            output = TakeGated(head);
            return true;
        }

        output = default;
        return false;
    }

    /// <summary>Takes an output out of the gate, whatever it waits for.</summary>
    public bool TryDrop(out Output output)
    {
        if (_gate is { } head)
        {
            output = TakeGated(head);
            return true;
        }

        output = default;
        return _finalGate?.TryDequeue(out output) == true;
    }

    /// <summary>Begins a save if one is due and none is under way. Throws <see cref="StateWriteException"/>.</summary>
    /// <param name="handlerIsRunning">Whether a handler awaits something and may be changing a mutable state at this very moment.</param>
    /// <param name="json">What to write.</param>
    /// <param name="evenUnchanged">Whether to write a state that changed and changed back, since what is stored with it has changed.</param>
    /// <returns>True: write <paramref name="json"/> and report with <see cref="SaveSucceeded"/>. False: nothing to write; outputs may have become free all the same.</returns>
    public bool TryBeginSave(bool handlerIsRunning, out ReadOnlyMemory<byte> json, bool evenUnchanged = false)
    {
        json = default;
        var due = _policy.IsGated && (_change > _idleThrough || HasGated) ? _change : _wantedThrough;
        var isReadable = !handlerIsRunning || _snapshots is not { Accepted: null };
        return !IsSaving && due > _savedThrough && isReadable && TryWrite(out json, evenUnchanged);
    }

    /// <summary>Begins the last save of all, which is written even when only the status changes. Throws <see cref="StateWriteException"/>.</summary>
    /// <returns>The state to write, or null when the stored one is the same.</returns>
    public ReadOnlyMemory<byte>? BeginFinalSave()
    {
        if (TryWrite(out var json))
        {
            return json;
        }

        _savingThrough = _change;
        _savingState = State;
        if (_snapshots is { } snapshots)
        {
            snapshots.Saving = snapshots.Stored ?? default;
        }

        return null;
    }

    /// <summary>The save that was begun last is durable.</summary>
    /// <returns>The state that is now stored.</returns>
    public object SaveSucceeded()
    {
        var saved = _savingState!;
        _savedThrough = _savingThrough;
        _savingThrough = NotSaving;
        SetStored(saved, _snapshots?.Saving ?? default);
        ForgetSaving();
        return saved;
    }

    /// <summary>The final save, or the delete, is done: nothing waits any more.</summary>
    public void Settle()
    {
        _savedThrough = _change;
        _savingThrough = NotSaving;
    }

    /// <summary>The save that was begun last failed, or nobody knows how it ended.</summary>
    public void SaveFailed()
    {
        _savingThrough = NotSaving;
        ForgetSaving();
    }

    private bool TryWrite(out ReadOnlyMemory<byte> json, bool evenUnchanged = false)
    {
        if (_snapshots is not { } snapshots)
        {
            if (!evenUnchanged && _storedState is not null && _model.AreSame(_server, State, _storedState))
            {
                return NothingToWrite(out json);
            }

            json = _model.Write(_server, State);
        }
        else
        {
            json = snapshots.Accepted ?? _model.Write(_server, State);
            if (!evenUnchanged && snapshots.Stored is { } stored && stored.Span.SequenceEqual(json.Span))
            {
                snapshots.Accepted = stored;
                return NothingToWrite(out json);
            }

            snapshots.Accepted = json;
            snapshots.Saving = json;
        }

        _savingThrough = _change;
        _savingState = State;
        return true;
    }

    // Changed and changed back.
    private bool NothingToWrite(out ReadOnlyMemory<byte> json)
    {
        _savedThrough = _change;
        json = default;
        return false;
    }

    private ServerLoop AcceptFirst(bool snapshot)
    {
        if (snapshot && _snapshots is { } snapshots)
        {
            snapshots.Accepted = _model.Write(_server, State);
        }

        return this;
    }

    private Output TakeGated(Gated head)
    {
        _gate = head.Next;
        _gateEnd = _gate is null ? null : _gateEnd;
        return head.Output;
    }

    private void ForgetSaving()
    {
        _savingState = null;
        if (_snapshots is { } snapshots)
        {
            snapshots.Saving = default;
        }
    }

    private bool HasChanged(object state, bool snapshot)
    {
        if (_snapshots is not { } snapshots)
        {
            return !_model.AreSame(_server, state, State);
        }

        // The same object may have changed inside. Its JSON tells; where nothing waits for a save it is cheaper to take everything for a change.
        if (!snapshot)
        {
            snapshots.Accepted = null;
            return true;
        }

        var json = _model.Write(_server, state);
        if (snapshots.Accepted is { } before && before.Span.SequenceEqual(json.Span))
        {
            return false;
        }

        snapshots.Accepted = json;
        return true;
    }

    private void SetStored(object state, ReadOnlyMemory<byte> json)
    {
        if (_snapshots is { } snapshots)
        {
            snapshots.Stored = json;
        }
        else
        {
            _storedState = state;
        }
    }

    private sealed class Gated(Output output, long waitsFor)
    {
        public Output Output { get; } = output;

        public long WaitsFor { get; } = waitsFor;

        public Gated? Next { get; set; }
    }

    // What is known of a mutable state, which only its JSON can tell.
    private sealed class Snapshots
    {
        public ReadOnlyMemory<byte>? Stored { get; set; }

        public ReadOnlyMemory<byte> Saving { get; set; }

        // Of what the last handler returned, taken before the next one can touch it. Null: not taken, since nothing waits for it.
        public ReadOnlyMemory<byte>? Accepted { get; set; }
    }
}
