namespace AkkaDurable.Supervision;

/// <summary>What a task of a stream came to. Elixir's <c>{:ok, value}</c> and <c>{:exit, reason}</c>.</summary>
/// <typeparam name="TInput">The element.</typeparam>
/// <typeparam name="TOutput">Its result.</typeparam>
/// <param name="Input">The element.</param>
/// <param name="Value">The result, when it has one.</param>
/// <param name="Failure">Why it has none; null: it has.</param>
public sealed record TaskOutcome<TInput, TOutput>(TInput Input, TOutput? Value, ExitReason? Failure)
{
    /// <summary>Whether there is a result.</summary>
    public bool IsOk => Failure is null;
}
