using System.Globalization;

namespace AkkaDurable.Process.Tests;

/// <summary>The file into which a node writes its reads: a line each, at once, so that what was read is known whatever becomes of the process.</summary>
internal sealed class ReadLog(string folder) : IDisposable
{
    private readonly StreamWriter _writer = new(FileOf(folder, Environment.ProcessId)) { AutoFlush = true };

    public void Add(Read read)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{read.Key} {read.Changes} {read.Start} {read.End} {read.Failure}\n");
        lock (_writer)
        {
            _writer.Write(line);
        }
    }

    public void Dispose() => _writer.Dispose();

    public static IReadOnlyList<Read> ReadAll(string folder) =>
        [.. Directory.GetFiles(folder, "reads-*.txt").SelectMany(file => ReadOne(folder, int.Parse(Path.GetFileNameWithoutExtension(file)["reads-".Length..], CultureInfo.InvariantCulture)))];

    /// <summary>What the process has noted so far; nothing before it has begun.</summary>
    public static IReadOnlyList<Read> ReadOne(string folder, int process)
    {
        if (!File.Exists(FileOf(folder, process)))
        {
            return [];
        }

        using var reader = new StreamReader(new FileStream(FileOf(folder, process), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var lines = reader.ReadToEnd().Split('\n');

        // What follows the last line break is being written, or was cut off.
        return [.. lines[..^1].Select(line => Parse(process, line.Split(' ')))];
    }

    private static Read Parse(int process, string[] fields) => new(
        process,
        fields[0],
        long.Parse(fields[1], CultureInfo.InvariantCulture),
        long.Parse(fields[2], CultureInfo.InvariantCulture),
        long.Parse(fields[3], CultureInfo.InvariantCulture),
        fields[4].Length == 0 ? null : fields[4]);

    private static string FileOf(string folder, int process) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"reads-{process}.txt"));
}
