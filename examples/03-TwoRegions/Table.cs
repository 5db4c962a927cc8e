namespace TwoRegions;

/// <summary>The table on the terminal, drawn over and over; where output goes elsewhere, a line for each change instead.</summary>
internal sealed class Table(IReadOnlyList<Row> rows, TextWriter writer, bool redraw, TimeProvider time)
{
    private readonly Dictionary<Row, string> _said = [];
    private readonly long _start = time.GetTimestamp();
    private int _drawn;

    /// <summary>A line that stays.</summary>
    public void Say(string text)
    {
        Erase();
        writer.WriteLine($"{Seconds()}  {text}");
        Draw();
    }

    public void Draw()
    {
        if (!redraw)
        {
            foreach (var row in rows.Where(row => row.Place.Length > 0 && _said.GetValueOrDefault(row) != row.Place))
            {
                _said[row] = row.Place;
                writer.WriteLine($"{Seconds()}    {row.Name,-18} {row.Place}");
            }

            return;
        }

        Erase();
        writer.WriteLine();
        writer.WriteLine($"  {"key",-18} {"home",-5} {"counted",8}  runs on");
        foreach (var row in rows)
        {
            writer.WriteLine($"  {row.Name,-18} {row.Home,-5} {row.Counted,8}  {row.Place}");
        }

        _drawn = rows.Count + 2;
    }

    private string Seconds() => $"{time.GetElapsedTime(_start).TotalSeconds,5:0.0} s";

    // Up to the first line of what was drawn, and all gone from there.
    private void Erase()
    {
        if (_drawn > 0)
        {
            writer.Write($"\e[{_drawn}A\e[J");
            _drawn = 0;
        }
    }
}
