using System.Globalization;
using System.IO.Compression;

namespace ChangeStats.Input;

/// <summary>Reads changes from a file with the columns <c>date,path,added,removed</c>, gzipped or not.</summary>
internal static class ChangeFile
{
    private static readonly string[] s_columns = ["date", "path", "added", "removed"];

    public static IReadOnlyList<ChangeEvent> Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var reader = new StreamReader(IsGzip(file) ? new GZipStream(file, CompressionMode.Decompress) : file);
            return Parse(reader);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InputException($"{path}: {e.Message}");
        }
        catch (InputException e)
        {
            throw new InputException($"{path}, {e.Message}");
        }
    }

    public static IReadOnlyList<ChangeEvent> Parse(TextReader reader)
    {
        var changes = new List<ChangeEvent>();
        var isHeader = true;
        foreach (var (line, fields) in Csv.Read(reader))
        {
            if (isHeader)
            {
                isHeader = fields.SequenceEqual(s_columns)
                    ? false
                    : throw new InputException($"line {line}: the header is '{string.Join(',', fields)}', not '{string.Join(',', s_columns)}'");
                continue;
            }

            if (fields.Count != s_columns.Length)
            {
                throw new InputException($"line {line}: {fields.Count} fields, not {s_columns.Length}; a path with a comma must be quoted");
            }

            if (fields is not [_, _, "-", "-"])
            {
                changes.Add(new ChangeEvent(fields[1], Number(fields[2], line, "added"), Number(fields[3], line, "removed")));
            }
        }

        return isHeader ? throw new InputException("line 1: the file is empty") : changes;
    }

    private static int Number(string text, int line, string column) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InputException($"line {line}: {column} is '{text}', not a number of lines");

    private static bool IsGzip(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        var isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
        file.Position = 0;
        return isGzip;
    }
}
