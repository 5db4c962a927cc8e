using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AkkaDurable.Guard.Tests.Checks;

/// <summary>A type, or one part of a partial type, that a source file declares outside any other type.</summary>
/// <param name="Path">The file, from the root of the checkout.</param>
/// <param name="Line">The line of its name.</param>
/// <param name="Namespace">The namespace around it; empty when there is none.</param>
/// <param name="Name">The name without type parameters.</param>
/// <param name="Arity">How many type parameters it has.</param>
/// <param name="IsPublic">Whether this part says <c>public</c>.</param>
/// <param name="IsFileLocal">Whether it is visible in its own file only.</param>
internal sealed record DeclaredType(string Path, int Line, string Namespace, string Name, int Arity, bool IsPublic, bool IsFileLocal)
{
    /// <summary>The project folder below src.</summary>
    public string Project => Path.Split('/')[1];

    public bool IsUnderInternal => Path.Split('/').SkipLast(1).Contains("Internal");

    public bool IsInInternalNamespace => Namespace.Split('.').Contains("Internal");

    /// <summary>What makes two parts the same type.</summary>
    public (string Project, string Namespace, string Name, int Arity) Identity => (Project, Namespace, Name, Arity);

    public override string ToString() => $"{Path}:{Line}: {(Namespace.Length == 0 ? "" : Namespace + ".")}{Name}{(Arity == 0 ? "" : $"<{new string(',', Arity - 1)}>")}";

    public static IReadOnlyList<DeclaredType> In(string path, string source)
    {
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        var root = CSharpSyntaxTree.ParseText(source, options).GetCompilationUnitRoot();
        return [.. root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
            .Select(member => From(path, member))];
    }

    private static DeclaredType From(string path, MemberDeclarationSyntax member)
    {
        var (name, parameters) = member switch
        {
            TypeDeclarationSyntax type => (type.Identifier, type.TypeParameterList),
            DelegateDeclarationSyntax type => (type.Identifier, type.TypeParameterList),
            _ => (((BaseTypeDeclarationSyntax)member).Identifier, null),
        };
        var namespaces = member.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Reverse().Select(n => n.Name.ToString());
        return new DeclaredType(
            path,
            name.GetLocation().GetLineSpan().StartLinePosition.Line + 1,
            string.Join('.', namespaces),
            name.Text,
            parameters?.Parameters.Count ?? 0,
            member.Modifiers.Any(SyntaxKind.PublicKeyword),
            member.Modifiers.Any(SyntaxKind.FileKeyword));
    }
}
