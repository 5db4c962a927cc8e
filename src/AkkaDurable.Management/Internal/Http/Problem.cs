using Microsoft.AspNetCore.Http;

namespace AkkaDurable.Management.Internal.Http;

/// <summary>Why a request was refused or failed, as problem+json tells it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The last part of its type, for programs.</param>
/// <param name="Detail">What is wrong, in a sentence.</param>
internal sealed record Problem(int Status, string Code, string Detail)
{
    /// <summary>What else is known of it.</summary>
    public CommandException? Error { get; init; }

    public static Problem Of(CommandException error) => new(
        error.Kind switch
        {
            CommandErrorKind.UnknownPalette or CommandErrorKind.UnknownVerb or CommandErrorKind.NotFound => StatusCodes.Status404NotFound,
            CommandErrorKind.Refused => StatusCodes.Status409Conflict,
            CommandErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        },
        CodeOf(error.Kind),
        error.Message) { Error = error };

    /// <summary>As <c>unknown-palette</c>.</summary>
    private static string CodeOf(CommandErrorKind kind) =>
        string.Concat(kind.ToString().Select((c, i) => char.IsAsciiLetterUpper(c) ? $"{(i == 0 ? "" : "-")}{char.ToLowerInvariant(c)}" : $"{c}"));
}
