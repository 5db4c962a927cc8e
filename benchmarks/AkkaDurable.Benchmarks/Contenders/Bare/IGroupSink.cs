namespace AkkaDurable.Benchmarks.Contenders.Bare;

/// <summary>Writes changes to a database, all of a group with one commit. Used by one thread.</summary>
internal interface IGroupSink : IDisposable
{
    /// <exception cref="InvalidOperationException">A revision was not the expected one.</exception>
    void Write(IReadOnlyCollection<CounterChange> group);

    int Read(int counter);
}
