namespace AkkaDurable.Management.Internal.Dashboard;

/// <param name="Sections">Those that changed.</param>
/// <param name="Events">Those that came.</param>
/// <param name="Version">What a viewer that has all this knows.</param>
/// <param name="Changed">Ends when there is more.</param>
internal sealed record BoardNews(IReadOnlyList<BoardSection> Sections, IReadOnlyList<BoardEvent> Events, long Version, Task Changed);
