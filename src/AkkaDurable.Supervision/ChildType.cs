namespace AkkaDurable.Supervision;

/// <summary>What a child is, for counting and for the default of <see cref="ChildSpec.Shutdown"/>.</summary>
public enum ChildType
{
    /// <summary>A child that does work. Default shutdown: 5 s.</summary>
    Worker,

    /// <summary>A child with children of its own. Default shutdown: infinity, so that its tree can end in order.</summary>
    Supervisor,
}
