using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace AkkaDurable.Process.Tests;

/// <summary>A disk of a few megabytes, in memory, at a folder of its own. Disposing unmounts it.</summary>
internal sealed class Tmpfs : IDisposable
{
    private static readonly Lazy<string?> s_unavailable = new(TryIt);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("process-tests-disk-");

    private Tmpfs()
    {
    }

    /// <summary>Why none can be mounted here; <see langword="null"/> when one can.</summary>
    public static string? Unavailable => s_unavailable.Value;

    public string Folder => _folder.FullName;

    /// <exception cref="InvalidOperationException">It could not be mounted; the message says why.</exception>
    public static Tmpfs Mount(int megabytes)
    {
        var disk = new Tmpfs();
        try
        {
            Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "tmpfs", disk.Folder);
            return disk;
        }
        catch
        {
            disk._folder.Delete();
            throw;
        }
    }

    public void Dispose()
    {
        Run("umount", Folder);
        _folder.Delete();
    }

    private static string? TryIt()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "a small disk can be made on Linux only";
        }

        try
        {
            Mount(megabytes: 1).Dispose();
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            return $"no small disk could be mounted, which mostly takes root: {exception.Message.Trim()}";
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors}");
        }
    }
}
