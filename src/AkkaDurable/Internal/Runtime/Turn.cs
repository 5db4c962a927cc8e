using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Runtime;

/// <summary>
/// One run of one handler. It flows with the handler's code through awaits, so that what the handler sends, by whatever reference, is caught and held back until the state that it was
/// computed from is stored; and so that a call to the own server is seen. Closed when the handler is done: tasks that it left behind send like anybody else.
/// </summary>
internal class Turn(ServerProcess process, bool inputIsStored)
{
    private static readonly AsyncLocal<Turn?> s_current = new();

    private List<Output>? _outbox;
    private List<(CallEnvelope Call, Output Reply)>? _answered;
    private volatile bool _isDone;
    private volatile bool _isVoid;
    private bool _hasReturned;

    /// <summary>The handler that runs the calling code, if it is still at it. One whose server is gone from under it is at it until it ends.</summary>
    public static Turn? Current => s_current.Value is { _isDone: false } turn ? turn : null;

    public ServerProcess Process { get; } = process;

    public static void Enter(Turn? turn) => s_current.Value = turn;

    /// <summary>Takes something that was computed from the state that the handler will return. False: the handler is done, and what its left-over tasks send is theirs.</summary>
    /// <param name="output">What to send.</param>
    /// <param name="answers">The caller that it answers, whom an earlier handler had left waiting.</param>
    public bool TryAdd(in Output output, CallEnvelope? answers = null)
    {
        lock (this)
        {
            if (_isDone)
            {
                return false;
            }

            // The state that it rests on is lost, so it must not leave.
            if (!_isVoid)
            {
                (_outbox ??= []).Add(output);
                if (answers is not null)
                {
                    (_answered ??= []).Add((answers, output));
                }
            }

            return true;
        }
    }

    /// <summary>The callers that were left waiting and are answered now, each with its reply: correlation ids of different nodes may be the same.</summary>
    public IReadOnlyList<(CallEnvelope Call, Output Reply)> AllAnswered
    {
        get
        {
            lock (this)
            {
                return _answered ?? (IReadOnlyList<(CallEnvelope, Output)>)[];
            }
        }
    }

    /// <summary>Sends a call whose reply the handler may await: it was computed from the state that the handler began with, and waits only for that one.</summary>
    public void SendCall(in Output output)
    {
        if (_isVoid)
        {
            Process.FailCall(output);
        }
        else if (inputIsStored)
        {
            output.Send();
        }
        else
        {
            Process.PostGated(output);
        }
    }

    public bool IsOf(string serverType, string key) => Process.Key == key && Process.ServerType.Name == serverType;

    /// <summary>The handler has failed. Before <see cref="Close"/>.</summary>
    public virtual void Failed(Exception error)
    {
    }

    /// <summary>The handler is done.</summary>
    public List<Output>? Close()
    {
        OnEnded();
        lock (this)
        {
            _isDone = true;
            return _outbox;
        }
    }

    /// <summary>The handler of a server that is gone has come to its end, which nobody else will note.</summary>
    public void EndIfVoid()
    {
        lock (this)
        {
            _hasReturned = true;
            _isDone |= _isVoid;
        }

        if (_isVoid)
        {
            OnEnded();
        }
    }

    /// <summary>The server is gone while the handler still runs: whatever it sends from now on is dropped, and its calls fail.</summary>
    public List<Output>? Void()
    {
        List<Output>? outbox;
        bool hasReturned;
        lock (this)
        {
            _isVoid = true;
            (outbox, _outbox) = (_outbox, null);
            hasReturned = _hasReturned;
        }

        if (hasReturned)
        {
            OnEnded();
        }

        return outbox;
    }

    /// <summary>The handler runs no more; said once or more often, by any thread.</summary>
    protected virtual void OnEnded()
    {
    }
}
