using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.CodeFixes.Edits;

/// <summary>Edits the layers of a <c>Forward</c> method, which are calls in a chain.</summary>
internal static class CallEdit
{
    public static IReadOnlyList<TextChange> Of(RepairKind kind, SyntaxNode node, string layer)
    {
        if (node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { Expression: MemberAccessExpressionSyntax member } call) return [];
        return kind switch
        {
            RepairKind.InsertBefore => [Lines.Insert(member.Expression.Span.End, "." + layer)],
            RepairKind.InsertAfter => [Lines.Insert(call.Span.End, "." + layer)],
            RepairKind.Remove => [new(TextSpan.FromBounds(member.Expression.Span.End, call.Span.End), "")],
            _ => [],
        };
    }

    /// <summary>Adds a layer to an operand of an operator; in <c>x += y</c> only the right operand can have one.</summary>
    public static IReadOnlyList<TextChange> OnOperand(SyntaxNode node, string layer, bool isLeft)
    {
        var operand = (node, isLeft) switch
        {
            (BinaryExpressionSyntax binary, true) => binary.Left,
            (BinaryExpressionSyntax binary, false) => binary.Right,
            (AssignmentExpressionSyntax assignment, false) => assignment.Right,
            _ => null,
        };
        if (operand is null) return [];
        return operand is IdentifierNameSyntax or InvocationExpressionSyntax or MemberAccessExpressionSyntax or ElementAccessExpressionSyntax or ParenthesizedExpressionSyntax
            ? [Lines.Insert(operand.Span.End, "." + layer)]
            : [Lines.Insert(operand.SpanStart, "("), Lines.Insert(operand.Span.End, ")." + layer)];
    }
}
