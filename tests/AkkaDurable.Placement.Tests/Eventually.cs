using System.Diagnostics;

namespace AkkaDurable.Placement.Tests;

/// <summary>Waits for a condition that nothing announces.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition, string what, TimeSpan? within = null)
    {
        var limit = within ?? TimeSpan.FromSeconds(20);
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < limit, $"Waited {watch.Elapsed.TotalSeconds:0.0} s in vain: {what}.");
            await Task.Delay(20);
        }
    }
}
