using CsCheck;

namespace AkkaDurable.TestSupport.Storage;

public abstract partial class StateStoreContract
{
    private long _lastSample;

    /// <summary>How many random sequences <see cref="Random_sequences_do_what_they_do_in_a_model"/> runs.</summary>
    protected virtual int Sequences => 100;

    /// <summary>How many when AKKADURABLE_SLOW is 1.</summary>
    protected virtual int SlowSequences => 20 * Sequences;

    [ContractFact]
    public async Task Random_sequences_do_what_they_do_in_a_model()
    {
        var store = await OpenAsync();
        var now = Clock.GetUtcNow();
        var count = Environment.GetEnvironmentVariable("AKKADURABLE_SLOW") == "1" ? SlowSequences : Sequences;

        await GenerationsModel.Steps.SampleAsync(steps => GenerationsModel.CheckAsync(store, Interlocked.Increment(ref _lastSample), now, steps), iter: count);

        Assert.True(_lastSample >= count);
    }
}
