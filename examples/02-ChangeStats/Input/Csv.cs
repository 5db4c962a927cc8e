using System.Text;

namespace ChangeStats.Input;

/// <summary>Reads comma-separated values as RFC 4180 has them: quoted fields may contain commas, doubled quotes and line breaks.</summary>
internal static class Csv
{
    /// <summary>The records, each with the number of the line it starts on. Empty lines are left out.</summary>
    public static IEnumerable<(int Line, IReadOnlyList<string> Fields)> Read(TextReader reader)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var line = 1;
        while (reader.Peek() >= 0)
        {
            var start = line;
            fields.Clear();
            while (ReadField(reader, field, ref line))
            {
                fields.Add(field.ToString());
            }

            fields.Add(field.ToString());
            if (fields is not [""])
            {
                yield return (start, fields.ToArray());
            }
        }
    }

    // True when another field of the same record follows.
    private static bool ReadField(TextReader reader, StringBuilder field, ref int line)
    {
        field.Clear();
        if (reader.Peek() == '"')
        {
            ReadQuoted(reader, field, ref line);
        }

        while (true)
        {
            switch (reader.Read())
            {
                case < 0:
                    return false;
                case ',':
                    return true;
                case '\n':
                    line++;
                    return false;
                case '\r' when reader.Peek() is '\n' or < 0:
                    break;
                case var other:
                    field.Append((char)other);
                    break;
            }
        }
    }

    private static void ReadQuoted(TextReader reader, StringBuilder field, ref int line)
    {
        var start = line;
        reader.Read();
        while (true)
        {
            switch (reader.Read())
            {
                case < 0:
                    throw new InputException($"line {start}: a quoted field has no end");
                case '"' when reader.Peek() == '"':
                    reader.Read();
                    field.Append('"');
                    break;
                case '"':
                    return;
                case var other:
                    if (other == '\n')
                    {
                        line++;
                    }

                    field.Append((char)other);
                    break;
            }
        }
    }
}
