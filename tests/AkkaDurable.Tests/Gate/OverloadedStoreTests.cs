using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Gate;

public sealed class OverloadedStoreTests
{
    [Fact]
    public async Task A_save_that_the_store_refused_at_once_is_told_as_not_applied_and_the_server_goes_on()
    {
        await using var probe = ServerProbe.For(() => new Counter());
        await probe.CallAsync(new Increment(5));
        probe.FailNextSave(StoreUnavailableException.Overloaded("Too many wait."));
        var error = await Assert.ThrowsAsync<OverloadedException>(() => probe.CallAsync(new Increment(1)));
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);
        Assert.Contains("Too many wait.", error.Message, StringComparison.Ordinal);
        Assert.Equal(7, await probe.CallAsync(new Increment(2)));
    }
}
