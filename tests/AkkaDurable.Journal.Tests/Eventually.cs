using System.Diagnostics;

namespace AkkaDurable.Journal.Tests;

/// <summary>Waits for a condition that nothing announces.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"Waited {watch.Elapsed.TotalSeconds:0.0} s in vain: {what}.");
            await Task.Delay(20);
        }
    }
}
