namespace AkkaDurable;

/// <summary>A server whose last state was not stored when its node stopped.</summary>
/// <param name="ServerType">The type's name.</param>
/// <param name="Key">The server's key.</param>
/// <param name="Reason">Why.</param>
/// <param name="Text">Why, for people.</param>
/// <remarks>With <see cref="SavePolicy.EveryChange"/> nothing that was acknowledged is lost even so.</remarks>
public sealed record UnsavedServer(string ServerType, string Key, UnsavedReason Reason, string Text);
