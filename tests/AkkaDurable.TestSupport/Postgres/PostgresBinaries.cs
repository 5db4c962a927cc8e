using System.ComponentModel;
using System.Diagnostics;

namespace AkkaDurable.TestSupport.Postgres;

/// <summary>Finds PostgreSQL's programs and runs them, as another user where the present one may not.</summary>
public sealed class PostgresBinaries
{
    private const string Account = "postgres";
    private static readonly Lazy<(PostgresBinaries? Found, string? Reason)> Search = new(Find);

    private readonly string _folder;
    private readonly string[] _as;

    private PostgresBinaries(string folder, string[] runAs)
    {
        _folder = folder;
        _as = runAs;
    }

    /// <summary>Why no server can be run here; <see langword="null"/> when one can.</summary>
    public static string? Unavailable => Search.Value.Reason;

    /// <summary>The programs of this machine.</summary>
    /// <exception cref="InvalidOperationException">There are none; the message says why.</exception>
    public static PostgresBinaries Local => Search.Value.Found ?? throw new InvalidOperationException(Unavailable);

    /// <summary>Runs a program of PostgreSQL's to its end.</summary>
    /// <returns>Its exit code and all it printed.</returns>
    public Task<(int ExitCode, string Output)> TryRunAsync(string program, params string[] arguments) =>
        ExecuteAsync([.. _as, Path.Combine(_folder, program), .. arguments]);

    /// <summary>Runs a program of PostgreSQL's to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it printed.</exception>
    public async Task RunAsync(string program, params string[] arguments)
    {
        var (exitCode, output) = await TryRunAsync(program, arguments);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        }
    }

    /// <summary>Gives a folder to the user under whom the server runs.</summary>
    public async Task OwnAsync(string folder)
    {
        if (_as.Length > 0)
        {
            var (exitCode, output) = await ExecuteAsync(["chown", "-R", Account, folder]);
            if (exitCode != 0)
            {
                throw new InvalidOperationException($"chown {folder} ended with {exitCode}: {output}");
            }
        }
    }

    private static (PostgresBinaries? Found, string? Reason) Find()
    {
        if (OperatingSystem.IsWindows())
        {
            return (null, "PostgreSQL tests run on Linux and macOS only");
        }

        string[] programs = ["initdb", "postgres", "pg_ctl", "createdb", "psql"];
        var folder = Folders().FirstOrDefault(candidate => programs.All(program => Succeeds([Path.Combine(candidate, program), "--version"])));
        if (folder is null)
        {
            return (null, "PostgreSQL's programs (initdb, postgres, pg_ctl, createdb, psql) were not found together: not by pg_config, not in /usr/lib/postgresql/*/bin, not on PATH");
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return (new PostgresBinaries(folder, []), null);
        }

        // The server refuses to run as root.
        string[][] ways = [["setpriv", "--reuid=" + Account, "--regid=" + Account, "--init-groups"], ["runuser", "-u", Account, "--"]];
        var way = ways.FirstOrDefault(candidate => Succeeds([.. candidate, "true"]));
        return way is null
            ? (null, $"PostgreSQL does not run as root, and neither setpriv nor runuser could become the user {Account}")
            : (new PostgresBinaries(folder, way), null);
    }

    private static IEnumerable<string> Folders()
    {
        if (Execute(["pg_config", "--bindir"]) is (0, var printed))
        {
            yield return printed.Trim();
        }

        const string Debian = "/usr/lib/postgresql";
        if (Directory.Exists(Debian))
        {
            var newestFirst = Directory.GetDirectories(Debian).OrderByDescending(path => int.TryParse(Path.GetFileName(path), out var version) ? version : 0);
            foreach (var folder in newestFirst)
            {
                yield return Path.Combine(folder, "bin");
            }
        }

        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            yield return folder;
        }
    }

    private static bool Succeeds(string[] command) => Execute(command) is (0, _);

    private static (int ExitCode, string Output) Execute(string[] command) => Task.Run(() => ExecuteAsync(command)).GetAwaiter().GetResult();

    private static async Task<(int ExitCode, string Output)> ExecuteAsync(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };

        // Our messages, not those of the machine's language; and no setting of the caller's that points to another server.
        start.Environment["LC_ALL"] = "C";
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, await output + await errors);
        }
        catch (Win32Exception exception)
        {
            return (-1, exception.Message);
        }
    }
}
