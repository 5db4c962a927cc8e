using System.Globalization;
using ChangeStats;
using TwoRegions;

const int Failed = 1;
const int WrongUse = 2;
const int Interrupted = 130;

using var signals = new StopSignals();
if (args is ["node", var port, var region, .. var seeds] && Environment.GetEnvironmentVariable(NodeProcess.ConnectionVariable) is { } connection)
{
    await Node.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), region, [.. seeds.Select(seed => int.Parse(seed, CultureInfo.InvariantCulture))], connection, signals.Stopped);
    return Environment.ExitCode;
}

if (args.Length > 0)
{
    await Console.Error.WriteLineAsync("It takes no arguments. It starts six processes in two regions, kills one region, starts it again, and ends by itself.");
    return WrongUse;
}

var folder = Directory.CreateTempSubdirectory("two-regions-");
var passed = false;
try
{
    passed = await new Demo(folder.FullName, signals.Stopped).RunAsync();
    return passed ? 0 : Failed;
}
catch (OperationCanceledException) when (signals.Stopped.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("interrupted; everything that was started has been stopped");
    passed = true;
    return Interrupted;
}
catch (TimeoutException tooLong)
{
    await Console.Error.WriteLineAsync(tooLong.Message);
    return Failed;
}
finally
{
    if (passed)
    {
        folder.Delete(recursive: true);
    }
    else
    {
        await Console.Error.WriteLineAsync($"The logs stay in {folder.FullName}");
    }
}
