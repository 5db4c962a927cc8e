using System.Text;
using AkkaDurable;

namespace ChatRooms;

/// <summary>What visitors may say and be called. It keeps a full room within the limit of a state.</summary>
public static class Speech
{
    public const int MostInText = 300;
    public const int MostInName = 40;
    public const int MostInId = 100;

    /// <returns>What is wrong with it; null: nothing.</returns>
    public static string? ProblemOf(string? name, string? text) => ProblemOfName(name) ?? Check("the text", text, MostInText);

    /// <returns>What is wrong with the name of a room; null: nothing.</returns>
    public static string? ProblemOfRoom(string? room) => Check("the room", room, MostInName);

    /// <returns>What is wrong with the name of a visitor; null: nothing.</returns>
    public static string? ProblemOfName(string? name) => Check("the name", name, MostInName);

    /// <summary>Says something in a room.</summary>
    /// <param name="rooms">The rooms.</param>
    /// <param name="room">The room.</param>
    /// <param name="name">Who says it.</param>
    /// <param name="text">What.</param>
    /// <param name="id">What tells it from all else that is said there: said twice with the same id, on whatever node, it is written once.</param>
    /// <param name="gone">Stops the waiting.</param>
    /// <returns>The number of the line.</returns>
    public static async Task<long> SayAsync(this IDurableServers<Room> rooms, string room, string name, string text, string? id, CancellationToken gone)
    {
        #region say
        return await rooms[room].CallAsync(new Say(name, text), new CallOptions { Id = id }, gone);
        #endregion
    }

    /// <returns>What is wrong with the id; null: nothing.</returns>
    public static string? ProblemOfId(string? id) => id is null ? null : Check("the id", id, MostInId);

    private static string? Check(string what, string? given, int most) =>
        string.IsNullOrWhiteSpace(given) ? $"{what} is missing"
        : given.Length > most ? $"{what} is longer than {most} characters"
        : given.Any(char.IsControl) || given.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar) ? $"{what} has characters that cannot be shown"
        : null;
}
