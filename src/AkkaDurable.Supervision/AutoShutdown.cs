namespace AkkaDurable.Supervision;

/// <summary>Whether a supervisor ends by itself when significant children have ended and are not to be restarted. OTP's <c>auto_shutdown</c>.</summary>
public enum AutoShutdown
{
    /// <summary>It does not. Children with <see cref="ChildSpec.Significant"/> are refused.</summary>
    Never,

    /// <summary>It ends, with the reason shutdown, when any significant child has ended.</summary>
    AnySignificant,

    /// <summary>It ends, with the reason shutdown, when the last significant child that was running has ended.</summary>
    AllSignificant,
}
