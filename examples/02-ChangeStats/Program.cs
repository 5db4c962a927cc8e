using System.CommandLine;
using ChangeStats;

using var signals = new StopSignals();
var arguments = CommandLine.Create(signals.Stopped).Parse(args);
var exitCode = await arguments.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return arguments.Errors.Count > 0 ? CommandLine.WrongUse : exitCode;
