using System.Diagnostics;

namespace AkkaDurable.Management.Tests;

/// <summary>Waits for a condition that nothing announces.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(40), $"Waited {watch.Elapsed.TotalSeconds:0.0} s in vain: {what}.");
            await Task.Delay(50);
        }
    }
}
