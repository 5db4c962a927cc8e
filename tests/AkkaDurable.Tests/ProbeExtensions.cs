using System.Text;
using AkkaDurable.Storage;
using AkkaDurable.TestKit;

namespace AkkaDurable.Tests;

internal static class ProbeExtensions
{
    /// <summary>Puts a record into the probe's store as some other version of the code would have left it.</summary>
    public static async Task PutStoredAsync<TState>(this ServerProbe<TState> probe, int version, string json)
        where TState : notnull
    {
        var claim = await probe.Store.ClaimAsync(new ClaimRequest(probe.Id, 1, "elsewhere", true, int.MaxValue));
        var saved = await probe.Store.SaveAsync(new SaveRequest(probe.Id, claim.Record.Token, 0, ServerStatus.StoppedGraceful, version, Encoding.UTF8.GetBytes(json)));
        Assert.Equal(SaveOutcome.Saved, saved);
    }
}
