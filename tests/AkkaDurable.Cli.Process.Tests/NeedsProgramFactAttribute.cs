namespace AkkaDurable.Cli.Process.Tests;

/// <summary>A test that needs programs which not each machine has; skipped, with the reason, where one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsProgramFactAttribute : FactAttribute
{
    public NeedsProgramFactAttribute(params string[] programs)
    {
        Programs = programs;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (programs.FirstOrDefault(program => !folders.Any(folder => File.Exists(Path.Combine(folder, program)))) is { } missing)
        {
            Skip = $"needs {missing} (Debian: apt-get install {missing})";
        }
    }

    public string[] Programs { get; }
}
