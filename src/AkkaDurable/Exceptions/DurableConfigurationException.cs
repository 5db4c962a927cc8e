namespace AkkaDurable;

/// <summary>A setting is wrong. Thrown at startup, so that nothing runs with it; the message names the option, its value and the rule.</summary>
public sealed class DurableConfigurationException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="option">The option, for example <c>DurableServerOptions.ShardCount</c>.</param>
    /// <param name="value">The value that was given, as text; never a secret.</param>
    /// <param name="rule">The rule that it breaks, as a sentence without a full stop.</param>
    public DurableConfigurationException(string option, string? value, string rule)
        : base($"{option} = {value ?? "null"} is not allowed: {rule}.")
    {
        Option = option;
        Value = value;
        Rule = rule;
    }

    /// <summary>The option.</summary>
    public string Option { get; }

    /// <summary>The value that was given, as text.</summary>
    public string? Value { get; }

    /// <summary>The rule that it breaks.</summary>
    public string Rule { get; }
}
