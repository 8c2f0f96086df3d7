using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>What a method of a model must not say, at a position of its choice in a random model.</summary>
/// <param name="Text">The code, with a tensor as {0}.</param>
/// <param name="Where">What it replaces.</param>
/// <param name="Members">Members that it needs.</param>
internal sealed record WrongCode(string Text, WrongPosition Where, string Members = "")
{
    public override string ToString() => $"{Text} {Members}".TrimEnd();
}

internal enum WrongPosition
{
    /// <summary>A tensor, in any method.</summary>
    Expression,

    /// <summary>A tensor that is computed for any sizes.</summary>
    Computed,

    /// <summary>Before a statement, in any method.</summary>
    Statement,
}

/// <summary>Random models in the full form, each with one mistake.</summary>
internal static class WrongForwards
{
    private static readonly string[] NoTensors = ["SameShape", "Size"];

    /// <summary>A model that says it; null where the model has no position for it.</summary>
    public static ForwardModel? With(WrongCode wrong, int seed)
    {
        var random = new Random(seed);
        var model = RandomForwards.Valid(seed);
        var root = CSharpSyntaxTree.ParseText(model.Source, TestCompilation.ParseOptions).GetRoot();
        SyntaxNode[] positions = [.. wrong.Where == WrongPosition.Statement ? Statements(root) : Tensors(root, wrong.Where == WrongPosition.Computed)];
        if (positions.Length == 0) return null;
        var chosen = positions[random.Next(positions.Length)];
        var method = chosen.Ancestors().OfType<MethodDeclarationSyntax>().First();
        var tensor = wrong.Where == WrongPosition.Statement
            ? method.ParameterList.Parameters.First(parameter => parameter.Type!.ToString() == nameof(Tensor) && !IsTokens(parameter)).Identifier.Text
            : chosen.ToString();
        var text = wrong.Text.Replace("{0}", tensor, StringComparison.Ordinal);
        var source = chosen is StatementSyntax
            ? model.Source.Insert(chosen.SpanStart, text + "\n")
            : model.Source.Remove(chosen.SpanStart, chosen.Span.Length).Insert(chosen.SpanStart, $"({text})");
        if (wrong.Members.Length > 0)
        {
            // Beside the method: a block has members of its own.
            var type = method.Ancestors().OfType<ClassDeclarationSyntax>().First();
            source = source.Insert(type.OpenBraceToken.Span.End, "\n" + wrong.Members);
        }

        return new(model.Key, source);
    }

    /// <summary>The same model without a part of it, as during typing.</summary>
    public static ForwardModel Unfinished(int seed)
    {
        var random = new Random(seed);
        var model = RandomForwards.Valid(seed);
        var root = CSharpSyntaxTree.ParseText(model.Source, TestCompilation.ParseOptions).GetRoot();
        var method = Methods(root).ElementAt(random.Next(Methods(root).Count()));
        SyntaxToken[] tokens = [.. method.DescendantTokens()];
        var first = random.Next(tokens.Length);
        var last = Math.Min(tokens.Length - 1, first + random.Next(3));
        var replacement = random.Next(3) == 0 ? tokens[random.Next(tokens.Length)].Text : "";
        return new(model.Key, model.Source[..tokens[first].SpanStart] + replacement + model.Source[tokens[last].Span.End..]);
    }

    private static bool IsTokens(ParameterSyntax parameter) => parameter.AttributeLists.ToString().Contains("TokenInput", StringComparison.Ordinal);

    private static IEnumerable<MethodDeclarationSyntax> Methods(SyntaxNode root) => root.DescendantNodes().OfType<MethodDeclarationSyntax>();

    /// <summary>Statements of methods that have a tensor of numbers.</summary>
    private static IEnumerable<SyntaxNode> Statements(SyntaxNode root) =>
        from method in Methods(root)
        where method.ParameterList.Parameters.Any(parameter => parameter.Type!.ToString() == nameof(Tensor) && !IsTokens(parameter))
        from statement in method.DescendantNodes().OfType<StatementSyntax>()
        where statement.Parent is BlockSyntax && (statement is ReturnStatementSyntax or LocalDeclarationStatementSyntax)
        select statement;

    private static IEnumerable<SyntaxNode> Tensors(SyntaxNode root, bool mustBeComputed) =>
        from method in Methods(root)
        where !mustBeComputed || method.Identifier.Text == "Forward" && method.Parent!.Parent is CompilationUnitSyntax
        from call in method.DescendantNodes().OfType<InvocationExpressionSyntax>()
        where call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: var name } && !NoTensors.Contains(name)
        where !call.Ancestors().Any(node => node is AttributeSyntax or AnonymousFunctionExpressionSyntax)
        where !mustBeComputed || !call.Ancestors().TakeWhile(node => node != method).Any(node => node is ConditionalExpressionSyntax or IfStatementSyntax or ForEachStatementSyntax or WhileStatementSyntax)
        select call;
}
