using System.Xml.Linq;

namespace AkkaDurable.Guard.Tests.Checks;

/// <summary>The project graph is the architecture: what each project in src may refer to, and nothing else.</summary>
internal static class ProjectGraph
{
    private static readonly Dictionary<string, Rule> Rules = new()
    {
        ["AkkaDurable.Hosting"] = new(["AkkaDurable", "AkkaDurable.Sql", "AkkaDurable.Supervision"]),
        ["AkkaDurable.Journal"] = new(["AkkaDurable", "AkkaDurable.Hosting"], "Akka.Persistence.Sql"),
        ["AkkaDurable.MemoryPack"] = new(["AkkaDurable"], "Akka"),
        ["AkkaDurable.Sql"] = new(["AkkaDurable"]),
        ["AkkaDurable"] = new(["AkkaDurable.Placement"], "MemoryPack"),
        ["AkkaDurable.Placement"] = new([]),
        ["AkkaDurable.Supervision"] = new([], "Akka.Cluster", "Akka.Remote", "Akka.Persistence", "Akka.Hosting"),
        ["AkkaDurable.Management"] = new(["AkkaDurable.Hosting"]),
        ["AkkaDurable.Cli"] = new([], "Akka"),
        ["AkkaDurable.TestKit"] = new(["AkkaDurable.Hosting"], "xunit"),
    };

    public static IEnumerable<string> Problems(string path, string csproj)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        if (!Rules.TryGetValue(name, out var rule))
        {
            yield return $"{path}: the design knows no project {name}";
            yield break;
        }

        var project = XDocument.Parse(csproj);
        foreach (var reference in Includes(project, "ProjectReference").Select(FileName))
        {
            if (!rule.Projects.Contains(reference))
            {
                yield return $"{path}: {name} must not refer to {reference}; it may refer to: {(rule.Projects.Length == 0 ? "no project" : string.Join(", ", rule.Projects))}";
            }
        }

        foreach (var package in Includes(project, "PackageReference"))
        {
            if (rule.ForbiddenPackages.Any(prefix => package == prefix || package.StartsWith(prefix + ".", StringComparison.OrdinalIgnoreCase)))
            {
                yield return $"{path}: {name} must not use the package {package}";
            }
        }
    }

    private static IEnumerable<string> Includes(XDocument project, string element) =>
        project.Descendants().Where(e => e.Name.LocalName == element)
            .SelectMany(e => ((string?)e.Attribute("Include") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string FileName(string reference) => Path.GetFileNameWithoutExtension(reference.Replace('\\', '/'));

    private sealed record Rule(string[] Projects, params string[] ForbiddenPackages);
}
