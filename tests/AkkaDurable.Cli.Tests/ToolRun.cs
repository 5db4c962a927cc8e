using AkkaDurable.Cli.Internal;

namespace AkkaDurable.Cli.Tests;

/// <summary>One run of the tool in this process: what it wrote, and its exit code.</summary>
internal sealed record ToolRun(int ExitCode, string Out, string Error)
{
    public static async Task<ToolRun> OfAsync(IReadOnlyList<string> args, string input = "", bool isPerson = false, params (string Name, string Value)[] environment)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var terminal = new CliTerminal(new StringReader(input), output, error, name => environment.FirstOrDefault(entry => entry.Name == name).Value) { IsInteractive = isPerson, IsOutputSeen = isPerson };
        return new(await Tool.RunAsync(args, terminal), output.ToString(), error.ToString());
    }
}
