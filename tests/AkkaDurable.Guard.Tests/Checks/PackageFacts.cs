using System.Xml.Linq;

namespace AkkaDurable.Guard.Tests.Checks;

/// <summary>What a package says about itself and the build cannot know.</summary>
internal static class PackageFacts
{
    public static string? Problem(string path, string csproj) =>
        XDocument.Parse(csproj).Descendants().Any(e => e.Name.LocalName == "Description" && e.Value.Trim().Length > 0)
            ? null
            : $"{path} has no <Description>; the package would show NuGet's placeholder";
}
