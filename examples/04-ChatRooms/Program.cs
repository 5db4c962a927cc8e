using System.CommandLine;
using ChangeStats;
using ChatRooms;

using var signals = new StopSignals();
var arguments = CommandLine.Create(signals.Stopped).Parse(args.Length == 0 ? ["node"] : args);
var exitCode = await arguments.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return arguments.Errors.Count > 0 ? CommandLine.WrongUse : exitCode;
