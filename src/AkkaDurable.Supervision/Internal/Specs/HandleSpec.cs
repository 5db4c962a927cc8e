namespace AkkaDurable.Supervision.Internal.Specs;

/// <summary>A child behind an <see cref="IChildHandle"/>.</summary>
internal sealed record HandleSpec(string Id, Func<ChildStartContext, Task<ChildStart>> Begin) : ChildSpec(Id);
