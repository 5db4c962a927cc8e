namespace AkkaDurable.Guard.Tests.Checks;

/// <summary>`ls` of a project shows its API: public types outside Internal/, one a file, and everything else inside.</summary>
internal static class TypePlacement
{
    public static IEnumerable<string> Problems(IReadOnlyCollection<DeclaredType> types)
    {
        // One part that says public makes the whole type public; the other parts need not say it.
        var publicTypes = types.Where(type => type.IsPublic).Select(type => type.Identity).ToHashSet();
        return types.SelectMany(type => OfType(type, publicTypes.Contains(type.Identity)))
            .Concat(types.Where(type => publicTypes.Contains(type.Identity)).GroupBy(type => type.Path).SelectMany(OfFile));
    }

    private static IEnumerable<string> OfType(DeclaredType type, bool isPublic)
    {
        if (type.Namespace.Length == 0)
        {
            yield return $"{type} has no namespace";
        }
        else if (type.Namespace != "Akka.Hosting" && (type.Namespace == "Akka" || type.Namespace.StartsWith("Akka.", StringComparison.Ordinal)))
        {
            yield return $"{type} is in a namespace of Akka's own; only Akka.Hosting takes our extension methods";
        }

        if (type.IsUnderInternal && isPublic)
        {
            yield return $"{type} is public and lies under Internal/";
        }

        if (type.IsUnderInternal && !type.IsInInternalNamespace)
        {
            yield return $"{type} lies under Internal/, but not in a namespace with .Internal";
        }

        if (!type.IsUnderInternal && type.IsInInternalNamespace)
        {
            yield return $"{type} is in a namespace with .Internal, but does not lie under Internal/";
        }

        if (!type.IsUnderInternal && !isPublic && !type.IsFileLocal)
        {
            yield return $"{type} is not public and lies outside Internal/";
        }
    }

    private static IEnumerable<string> OfFile(IGrouping<string, DeclaredType> file)
    {
        var types = file.DistinctBy(type => type.Identity).ToArray();
        if (types.Length > 1)
        {
            yield return $"{file.Key} declares {types.Length} public types: {string.Join(", ", types.Select(type => type.Name))}";
        }

        var name = Path.GetFileNameWithoutExtension(file.Key);
        foreach (var type in types.Where(type => name != type.Name && !name.StartsWith(type.Name + ".", StringComparison.Ordinal)))
        {
            yield return $"{type} belongs in {type.Name}.cs or {type.Name}.Something.cs";
        }
    }
}
