namespace AkkaDurable.Supervision;

/// <summary>Which children are started again together with one that has to be. OTP's strategies.</summary>
public enum RestartStrategy
{
    /// <summary>That child only.</summary>
    OneForOne,

    /// <summary>All children: the others are stopped in reverse start order, then all are started in order. (Akka's AllForOne restarts without an order.)</summary>
    OneForAll,

    /// <summary>That child and those that were started after it: those are stopped in reverse start order, then it and they are started in order.</summary>
    RestForOne,
}
