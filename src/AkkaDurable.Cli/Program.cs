using AkkaDurable.Cli.Internal;

return await Tool.RunAsync(args, CliTerminal.OfProcess());
