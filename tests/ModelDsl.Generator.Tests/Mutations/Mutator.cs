using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModelDsl.Generator.Tests.Mutations;

/// <summary>Changes a program at random positions, as typing, guessing and malice would.</summary>
internal sealed class Mutator(Random random)
{
    private static readonly string[] Containers =
    [
        "partial class Outer { {0} }", "class Outer { {0} }", "file partial class Outer { {0} }", "partial class Outer<T> { {0} }", "partial record Outer { {0} }", "partial interface IOuter { {0} }",
        "partial record struct Outer { {0} }", "static partial class Outer { {0} }", "partial class @event { partial struct Predict { {0} } }", "namespace System { {0} }", "namespace ModelDsl { {0} }",
        "namespace @class.@record { {0} }", "class Worker; class MathF; class Vector512<T>; {0}", "namespace ModelDsl.Generated { {0} }", "#nullable disable\n{0}\n", "#if A\n{0}\n#endif\n", "using Model = System.String; {0}",
    ];

    /// <summary>The program after one to three changes.</summary>
    public string Change(string program)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var root = CSharpSyntaxTree.ParseText(program).GetCompilationUnitRoot();
            program = ChangeOnce(root, program) ?? program;
        }

        return program;
    }

    private string? ChangeOnce(CompilationUnitSyntax root, string text) => random.Next(13) switch
    {
        0 => Replace(text, Pick(root.DescendantTokens()), _ => ""),
        1 => Replace(text, Pick(root.DescendantTokens()), token => $"{token.Text} {token.Text}"),
        2 => Pick(root.DescendantTokens()) is { } other ? Replace(text, Pick(root.DescendantTokens()), _ => other.Text) : null,
        3 => Replace(text, Pick(Tokens(root, SyntaxKind.NumericLiteralToken)), _ => Pick(HostileWords.Numbers)),
        4 => Replace(text, Pick(Tokens(root, SyntaxKind.StringLiteralToken)), _ => Pick(HostileWords.Texts)),
        5 => Replace(text, Pick(Tokens(root, SyntaxKind.IdentifierToken)), _ => Pick(HostileWords.Names)),
        6 => Rename(root, text),
        7 => Pick(Types(root)) is { } type ? text.Insert(type.SpanStart, $"[{Pick(HostileWords.Attributes)}] ") : null,
        8 => Attribute(root, text),
        9 => Modifier(root, text),
        10 => Member(root, text),
        11 => Pick(Containers).Replace("{0}", text, StringComparison.Ordinal),
        _ => Part(root, text),
    };

    /// <summary>Another name wherever it stands, so that what follows from the name alone is tried.</summary>
    private string? Rename(CompilationUnitSyntax root, string text)
    {
        var declared = root.DescendantNodes().Select(node => node switch
        {
            BaseTypeDeclarationSyntax type => type.Identifier,
            VariableDeclaratorSyntax variable => variable.Identifier,
            ParameterSyntax parameter => parameter.Identifier,
            MethodDeclarationSyntax method => method.Identifier,
            PropertyDeclarationSyntax property => property.Identifier,
            TupleElementSyntax element => element.Identifier,
            _ => default,
        }).Where(token => token.Text.Length > 0);
        if (Pick(declared) is not { } from) return null;
        var to = Pick(HostileWords.Names);
        foreach (var token in Tokens(root, SyntaxKind.IdentifierToken).Where(token => token.ValueText == from.ValueText).Reverse()) text = Replace(text, token, _ => to)!;
        return text;
    }

    private string? Attribute(CompilationUnitSyntax root, string text)
    {
        if (Pick(root.DescendantNodes().OfType<AttributeSyntax>()) is not { } attribute) return null;
        var replacement = random.Next(6) switch
        {
            0 => Pick(HostileWords.Attributes),
            1 => $"{attribute}, {attribute}",
            2 => $"{attribute.Name}",
            3 => $"{attribute.Name}({Pick(HostileWords.Numbers)}, {Pick(HostileWords.Numbers)})",
            4 => $"{attribute.Name}{(attribute.ArgumentList is { Arguments.Count: > 0 } list ? list.ToString()[..^1] + ", " : "(")}Name = {Pick(HostileWords.Texts)})",
            _ => $"{attribute}, {Pick(HostileWords.Attributes)}",
        };
        return text.Remove(attribute.SpanStart, attribute.Span.Length).Insert(attribute.SpanStart, replacement);
    }

    private string? Modifier(CompilationUnitSyntax root, string text)
    {
        if (Pick(Types(root)) is not { } type) return null;
        switch (random.Next(5))
        {
            case 0 when type.Modifiers.Count > 0:
                return Replace(text, Pick(type.Modifiers), _ => Pick(HostileWords.Modifiers));
            case 1:
                return Replace(text, type.Keyword, _ => Pick((string[])["struct", "interface", "record", "record struct", "enum", "ref struct", "class"]));
            case 2:
                return text.Insert(type.Identifier.Span.End, Pick((string[])["<T>", " : object", " : Missing", " : Model", " : System.Exception", " : System.IDisposable", "(int width)", "(int width = 3, string s = \"\")"]));
            default:
                return text.Insert(type.Modifiers.Count > 0 ? type.Modifiers[0].SpanStart : type.Keyword.SpanStart, Pick(HostileWords.Modifiers) + " ");
        }
    }

    private string? Member(CompilationUnitSyntax root, string text)
    {
        if (Pick(Types(root)) is not { } type) return null;
        var member = Pick(HostileWords.Members).Replace("Net", type.Identifier.Text, StringComparison.Ordinal);
        return type.OpenBraceToken.Span.Length > 0 ? text.Insert(type.OpenBraceToken.Span.End, $" {member} ")
            : type.SemicolonToken.Span.Length > 0 ? Replace(text, type.SemicolonToken, _ => $" {{ {member} }}")
            : null;
    }

    /// <summary>A further declaration of a class.</summary>
    private string? Part(CompilationUnitSyntax root, string text) => Pick(Types(root)) is { Parent: CompilationUnitSyntax } type
        ? $"{text}\n[{Pick(HostileWords.Attributes)}] {Pick((string[])["partial class", "class", "partial record", "partial struct"])} {(random.Next(3) == 0 ? type.Identifier.Text.ToUpperInvariant() : type.Identifier.Text)} {{ {Pick(HostileWords.Members)} }}"
        : null;

    private static IEnumerable<TypeDeclarationSyntax> Types(SyntaxNode root) => root.DescendantNodes().OfType<TypeDeclarationSyntax>();

    private static IEnumerable<SyntaxToken> Tokens(SyntaxNode root, SyntaxKind kind) => root.DescendantTokens().Where(token => token.IsKind(kind));

    private static string? Replace(string text, SyntaxToken? token, Func<SyntaxToken, string> by) =>
        token is { } found ? text.Remove(found.SpanStart, found.Span.Length).Insert(found.SpanStart, by(found)) : null;

    private SyntaxToken? Pick(IEnumerable<SyntaxToken> tokens) => tokens.ToArray() is { Length: > 0 } all ? all[random.Next(all.Length)] : null;

    private T? Pick<T>(IEnumerable<T> items)
        where T : SyntaxNode => items.ToArray() is { Length: > 0 } all ? all[random.Next(all.Length)] : null;

    private string Pick(string[] words) => words[random.Next(words.Length)];
}
