using AkkaDurable.TestKit.Internal;

namespace AkkaDurable.TestKit;

/// <summary>Keeps the saves of a probe from ending. Made by <see cref="ServerProbe{TState}.HoldSaves"/>.</summary>
public sealed class SaveHold : IDisposable
{
    private readonly ProbeStore _store;

    internal SaveHold(ProbeStore store) => _store = store;

    /// <summary>Lets one save end: the one under way, or the next.</summary>
    public void LetOneThrough() => _store.LetOneThrough();

    /// <summary>Lets all saves end.</summary>
    public void Dispose() => _store.Release();
}
