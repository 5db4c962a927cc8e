namespace AkkaDurable.Internal.Runtime;

/// <summary>
/// One run of one handler. It flows with the handler's code through awaits, so that what the handler sends, by whatever reference, is caught and held back until the state that it was
/// computed from is stored; and so that a call to the own server is seen. Closed when the handler is done: tasks that it left behind send like anybody else.
/// </summary>
internal sealed class Turn(ServerProcess process, bool inputIsStored)
{
    private static readonly AsyncLocal<Turn?> s_current = new();

    private List<Output>? _outbox;
    private bool _closed;

    /// <summary>The handler that runs the calling code, if it is still at it.</summary>
    public static Turn? Current => s_current.Value is { } turn && !Volatile.Read(ref turn._closed) ? turn : null;

    public ServerProcess Process { get; } = process;

    public static void Enter(Turn? turn) => s_current.Value = turn;

    /// <summary>Takes something that was computed from the state that the handler will return. False: the handler is done.</summary>
    public bool TryAdd(in Output output)
    {
        lock (this)
        {
            if (_closed)
            {
                return false;
            }

            (_outbox ??= []).Add(output);
            return true;
        }
    }

    /// <summary>Sends a call whose reply the handler may await: it was computed from the state that the handler began with, and waits only for that one.</summary>
    public void SendCall(in Output output)
    {
        if (inputIsStored)
        {
            output.Send();
        }
        else
        {
            Process.PostGated(output);
        }
    }

    public bool IsOf(string serverType, string key) => Process.Key == key && Process.ServerType.Name == serverType;

    public List<Output>? Close()
    {
        lock (this)
        {
            Volatile.Write(ref _closed, true);
            return _outbox;
        }
    }
}
