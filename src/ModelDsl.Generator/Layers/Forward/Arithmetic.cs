using Microsoft.CodeAnalysis.Operations;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>The operators of tensors.</summary>
internal static class Arithmetic
{
    /// <summary>Returns the sign of an operator, and the name of its result.</summary>
    public static (string Sign, string Name) NamesOf(BinaryOperatorKind op) => op switch
    {
        BinaryOperatorKind.Add => ("+", "sum"),
        BinaryOperatorKind.Subtract => ("-", "difference"),
        BinaryOperatorKind.Multiply => ("*", "product"),
        BinaryOperatorKind.Divide => ("/", "quotient"),
        _ => throw new InvalidOperationException($"Tensors have no operator {op}."),
    };

    public static LayerValue? Negate(LayerScope scope, LayerValue value) =>
        TensorFunctions.AreNumbers(scope, value) ? After(scope, value, GraphBuilder.Pointwise(scope.NodeName, Expressions.Negate(Input(0)), value.Node)) : null;

    /// <summary>Combines two operands of which at least one is a tensor; null after reporting.</summary>
    public static LayerValue? Combine(LayerScope scope, BinaryOperatorKind op, object left, object right)
    {
        if ((left is LayerValue l && !TensorFunctions.AreNumbers(scope, l)) || (right is LayerValue r && !TensorFunctions.AreNumbers(scope, r))) return null;
        return (left, right) switch
        {
            (LayerValue a, LayerValue b) => Combine(scope, op, a, b),
            (LayerValue a, _) => After(scope, a, GraphBuilder.Pointwise(scope.NodeName, Body(op, Input(0), Number(right)), a.Node)),
            (_, LayerValue b) => After(scope, b, GraphBuilder.Pointwise(scope.NodeName, Body(op, Number(left), Input(0)), b.Node)),
            _ => throw new InvalidOperationException("Neither operand is a tensor."),
        };
    }

    private static LayerValue? Combine(LayerScope scope, BinaryOperatorKind op, LayerValue a, LayerValue b)
    {
        if (Broadcasting.Join(a.Shape, b.Shape) is not { } shape) return Misfit(scope, a, b);
        if (!scope.Fits($"The result of '{scope.Call.Kind}'", shape.Length)) return null;
        var node = Broadcasting.Map(scope.NodeName, shape, Body(op, Input(0), Input(1)), a.Node, b.Node);
        var (like, other) = a.Shape.Rank >= b.Shape.Rank ? (a, b) : (b, a);
        return After(scope, like with { Mask = PositionMask.Join(like.Mask, other.Mask) }, node);
    }

    private static LayerValue? Misfit(LayerScope scope, LayerValue a, LayerValue b)
    {
        var onlyLast = a.Shape.Rank == b.Shape.Rank && a.Shape.WithLast(b.Width) == b.Shape;
        Repair[] repairs = onlyLast ? [Resizing.Operand(b, a.Width, scope.Call.Site, isLeft: false), Resizing.Operand(a, b.Width, scope.Call.Site, isLeft: true)] : [];
        return scope.Report(Problem.At(
            Descriptors.OperandShapes.Id,
            scope.Call.Site,
            scope.Call.Kind,
            $"'{a.Producer}'",
            a.ShapeText,
            $"'{b.Producer}'",
            b.ShapeText,
            $"{a.Trail} and {b.Trail}",
            LayerScope.After(onlyLast ? $"did you mean Dense({a.Width}) on the right side, or Dense({b.Width}) on the left?" : ""))
            .With(a.Trail!.Site, b.Trail!.Site).Suggest(repairs));
    }

    private static LayerValue After(LayerScope scope, LayerValue like, Node node) => (like with { Node = node }).After(scope.Path, scope.Call.Site);

    private static Expr Number(object value) => Const(Convert.ToDouble(value, LayerNames.Invariant));

    private static Expr Body(BinaryOperatorKind op, Expr a, Expr b) => op switch
    {
        BinaryOperatorKind.Add => Add(a, b),
        BinaryOperatorKind.Subtract => Subtract(a, b),
        BinaryOperatorKind.Multiply => Multiply(a, b),
        _ => Divide(a, b),
    };
}
