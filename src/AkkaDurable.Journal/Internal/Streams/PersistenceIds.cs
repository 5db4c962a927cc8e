using System.Security.Cryptography;
using System.Text;
using AkkaDurable.Storage;

namespace AkkaDurable.Journal.Internal.Streams;

/// <summary>
/// The names of our streams. Plugins store them in columns of some 255 characters, and some compare them without regard to case or trailing spaces; so what is not short, lower-case and plain is named by its hash.
/// </summary>
internal sealed class PersistenceIds(string prefix)
{
    public const int MaxPrefix = 60;

    private const int MaxPlain = 80;

    public string Probe => prefix + "/probe";

    public string Leases => prefix + "/leases";

    public string Record(ServerId id) => $"{prefix}/r/{Name(id.ServerType)}/{Name(id.Key)}";

    public string Index(string serverType, int part) => FormattableString.Invariant($"{prefix}/i/{Name(serverType)}/{part}");

    public string Type(string serverType) => $"{prefix}/t/{Name(serverType)}";

    // The tilde is not a plain character, so a hash is no other key's name.
    private static string Name(string text) =>
        text.Length is > 0 and <= MaxPlain && text.All(IsPlain) ? text : "~" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static bool IsPlain(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_' or '.';
}
