namespace AkkaDurable.Supervision.Tests.Support;

internal static class TreeExtensions
{
    public static async Task<RootExit> StopAsyncInTime(this SupervisionTree tree)
    {
        await tree.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
        return await tree.Exited;
    }
}
