namespace AkkaDurable.Supervision;

/// <summary>When a child that ended is started again. OTP's restart types.</summary>
public enum Restart
{
    /// <summary>Always, whatever it ended with.</summary>
    Permanent,

    /// <summary>Only when it ended abnormally (<see cref="ExitReason.IsAbnormal"/>). After a normal end its spec is kept, so that it can be restarted by hand or with its siblings.</summary>
    Transient,

    /// <summary>Never, also when a sibling's end takes it down. Its spec is forgotten when it ends.</summary>
    Temporary,
}
