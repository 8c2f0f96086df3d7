using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Documentation;

/// <summary>A program of a page: a block and those that continue it.</summary>
/// <param name="Page">The page.</param>
/// <param name="Blocks">Its blocks.</param>
/// <param name="Output">What it prints, or null where it is not run.</param>
internal sealed record PageExample(string Page, IReadOnlyList<PageBlock> Blocks, string? Output)
{
    /// <summary>The class that the statements of a program become a part of, and its method.</summary>
    public const string Class = "Program", Method = "Run";

    /// <summary>Where it stands, as compilers write it.</summary>
    public string Place => $"{Page}({Blocks[0].Code.Line})";

    /// <summary>
    /// The program as a file of a library, in a namespace of its own: statements in a method, types beside it. What is reported for it names lines of the
    /// page.
    /// </summary>
    public string Source(string space)
    {
        var (usings, statements, types) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        var waits = false;
        foreach (var code in Blocks.SelectMany(block => new[] { block.Given, block.Code }).OfType<PageCode>())
        {
            var unit = CSharpSyntaxTree.ParseText(code.Text, TestCompilation.ParseOptions).GetCompilationUnitRoot();
            foreach (var directive in unit.Usings) Append(usings, directive, code);
            foreach (var member in unit.Members) Append(member is GlobalStatementSyntax ? statements : types, member, code);
            waits |= unit.Members.OfType<GlobalStatementSyntax>().Any(Waits);
        }

        var returns = waits ? "async Task" : "void";
        return $"namespace {space};\n{usings}internal static class {Class}\n{{\npublic static {returns} {Method}()\n{{\n{statements}}}\n}}\n{types}";
    }

    /// <summary>Whether a statement itself waits, and not a function within it.</summary>
    private static bool Waits(GlobalStatementSyntax statement) => statement
        .DescendantTokens(node => node is not (LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax)).Any(token => token.IsKind(SyntaxKind.AwaitKeyword));

    private void Append(StringBuilder text, CSharpSyntaxNode node, PageCode code)
    {
        var line = node.SyntaxTree.GetLineSpan(node.FullSpan).StartLinePosition.Line;
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"#line {code.Line + line} \"{Page}\"\n{node.ToFullString()}\n");
    }
}
