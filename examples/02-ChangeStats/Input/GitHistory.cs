using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ChangeStats.Input;

/// <summary>Reads changes from the history of a git repository, oldest first.</summary>
internal static class GitHistory
{
    // Marks where a commit starts; with -z all else are entries of "added TAB removed TAB path".
    private const char CommitMark = '\u0001';

    /// <summary>The changes of the repository that a folder lies in, or <see langword="null"/> when it lies in none.</summary>
    public static async Task<(string Root, IReadOnlyList<ChangeEvent> Changes)?> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var (exitCode, root, _) = await RunAsync(folder, ["rev-parse", "--show-toplevel"], cancellationToken);
        if (exitCode != 0)
        {
            return null;
        }

        var (logCode, log, error) = await RunAsync(
            folder,
            ["-c", "log.showSignature=false", "log", "--numstat", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--reverse", "-z", $"--format=%x{(int)CommitMark:x2}"],
            cancellationToken);
        return logCode == 0
            ? (root.TrimEnd(), Parse(log))
            : throw new InputException($"git log in {folder} failed: {error.Trim()}");
    }

    public static IReadOnlyList<ChangeEvent> Parse(string log)
    {
        var changes = new List<ChangeEvent>();
        foreach (var piece in log.Split('\0'))
        {
            var entry = piece.TrimStart('\n', CommitMark);
            if (entry.Length == 0)
            {
                continue;
            }

            if (entry.Split('\t', 3) is not [var added, var removed, var path])
            {
                throw new InputException($"git log printed an entry that is not 'added removed path': '{entry}'");
            }

            // Git counts no lines of binary files.
            if (added != "-")
            {
                changes.Add(new ChangeEvent(path, int.Parse(added, CultureInfo.InvariantCulture), int.Parse(removed, CultureInfo.InvariantCulture)));
            }
        }

        return changes;
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string folder, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("git", ["-C", folder, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        try
        {
            using var git = Process.Start(start)!;
            var output = git.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = git.StandardError.ReadToEndAsync(cancellationToken);
            await git.WaitForExitAsync(cancellationToken);
            return (git.ExitCode, await output, await error);
        }
        catch (Win32Exception)
        {
            throw new InputException("git is not installed; give a file with --input");
        }
    }
}
