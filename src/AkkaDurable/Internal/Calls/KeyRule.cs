using System.Text;

namespace AkkaDurable.Internal.Calls;

/// <summary>The one place that says what a key may be.</summary>
internal static class KeyRule
{
    public const int MaxBytes = 512;

    /// <exception cref="InvalidKeyException">The key breaks the rule.</exception>
    public static void Check(string? key)
    {
        // Nearly all keys are short, printable ASCII without spaces.
        if (key is { Length: > 0 and <= MaxBytes } && key.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0)
        {
            return;
        }

        if (Violation(key) is { } violation)
        {
            throw new InvalidKeyException($"The key {Show(key)} is not allowed: {violation}. A key is 1 to {MaxBytes} bytes of UTF-8, not only white space, without control characters and lone surrogates.");
        }
    }

    public static string? Violation(string? key)
    {
        if (key is null)
        {
            return "it is null";
        }

        if (key.Length == 0)
        {
            return "it is empty";
        }

        if (string.IsNullOrWhiteSpace(key))
        {
            return "it is only white space";
        }

        for (var i = 0; i < key.Length; i++)
        {
            if (char.IsControl(key[i]))
            {
                return $"it has the control character U+{(int)key[i]:X4} at position {i}";
            }

            if (char.IsSurrogate(key[i]))
            {
                if (!char.IsHighSurrogate(key[i]) || i + 1 == key.Length || !char.IsLowSurrogate(key[i + 1]))
                {
                    return $"it has the lone surrogate U+{(int)key[i]:X4} at position {i}";
                }

                i++;
            }
        }

        var bytes = Encoding.UTF8.GetByteCount(key);
        return bytes > MaxBytes ? $"it is {bytes} bytes long" : null;
    }

    // Never shows what could forge a log line.
    public static string Show(string? key)
    {
        if (key is null)
        {
            return "null";
        }

        var shown = new StringBuilder("\"");
        foreach (var c in key.AsSpan(0, Math.Min(key.Length, 40)))
        {
            shown.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        }

        return shown.Append(key.Length > 40 ? "…\"" : "\"").ToString();
    }
}
