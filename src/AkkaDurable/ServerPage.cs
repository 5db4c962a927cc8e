namespace AkkaDurable;

/// <summary>One page of a list of stored servers, in the order of their keys (ordinally by UTF-8 bytes).</summary>
/// <param name="Servers">What the store tells of each: <see cref="ServerInfo.IsRunning"/> says that its status is <see cref="ServerStatus.Running"/>, though its node may just have been lost, and there is no meta data.</param>
/// <param name="NextKey">Where the next page begins: to be given as <c>afterKey</c>. <see langword="null"/>: this is the last page.</param>
public sealed record ServerPage(IReadOnlyList<ServerInfo> Servers, string? NextKey);
