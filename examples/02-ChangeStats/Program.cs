using System.CommandLine;
using ChangeStats;

using var signals = new StopSignals();
var arguments = CommandLine.Create(signals.Stopped).Parse(args);
var exitCode = await arguments.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

// Of a node that the cluster has put out: Akka.Hosting has set it, so that whoever runs the process knows to start it again.
return arguments.Errors.Count > 0 ? CommandLine.WrongUse : exitCode == 0 ? Environment.ExitCode : exitCode;
