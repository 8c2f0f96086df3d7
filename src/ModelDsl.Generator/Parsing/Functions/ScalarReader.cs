using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Parsing.Functions;

/// <summary>Reads functions of numbers: every value is a scalar expression.</summary>
internal sealed class ScalarReader(Compilation compilation, CancellationToken cancellation) : BodyReader<Expr>(compilation, cancellation)
{
    // Expressions have no Boolean literals; a comparison of constants replaces them.
    private static readonly Expr True = new Apply(ScalarOp.Equal, Expressions.One, Expressions.One);
    private static readonly Expr False = new Apply(ScalarOp.Equal, Expressions.Zero, Expressions.One);

    protected override Expr Literal(IOperation at, object? value) => value switch
    {
        bool truth => truth ? True : False,
        float or double or byte or sbyte or short or ushort or int or uint or long or ulong =>
            Expressions.Const(System.Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)),
        _ => throw NotFloat(at),
    };

    protected override Expr Convert(IConversionOperation at, Expr operand)
    {
        if (IsReal(at.Type) && IsNumber(at.Operand.Type)) return operand;
        if (at.Type?.SpecialType == at.Operand.Type?.SpecialType && IsKnown(at.Type)) return operand;
        if (IsInteger(at.Type) && IsInteger(at.Operand.Type)) return operand;
        if (!IsInteger(at.Type) || !IsReal(at.Operand.Type)) throw NotFloat(at);
        throw ReadFailure.Of(
            Descriptors.NotDifferentiable, at, "a conversion to an integer drops the fraction: use MathF.Truncate, whose derivative is 0");
    }

    protected override Expr Unary(IUnaryOperation at, Expr operand) => at.OperatorKind switch
    {
        UnaryOperatorKind.Plus when IsNumber(at.Type) => operand,
        UnaryOperatorKind.Minus when IsNumber(at.Type) => Expressions.Negate(operand),
        UnaryOperatorKind.Not when IsCondition(operand) => Not(operand),
        _ => throw ReadFailure.Of(Descriptors.UnsupportedExpression, at, "use +, - and !"),
    };

    protected override Expr Binary(IOperation at, BinaryOperatorKind kind, ITypeSymbol? type, Expr left, Expr right)
    {
        if (IsCondition(left))
        {
            return kind switch
            {
                BinaryOperatorKind.And or BinaryOperatorKind.ConditionalAnd => Both(left, right),
                BinaryOperatorKind.Or or BinaryOperatorKind.ConditionalOr => Either(left, right),
                BinaryOperatorKind.Equals => Either(Both(left, right), Both(Not(left), Not(right))),
                BinaryOperatorKind.NotEquals or BinaryOperatorKind.ExclusiveOr => Either(Both(left, Not(right)), Both(Not(left), right)),
                _ => throw ReadFailure.Of(Descriptors.UnsupportedExpression, at, "use &&, ||, !, == and !="),
            };
        }

        if (kind == BinaryOperatorKind.Divide && !IsReal(type))
        {
            throw ReadFailure.Of(
                Descriptors.UnsupportedExpression, at, "a division of integers drops the fraction: write one as a float, such as 2f");
        }

        return kind switch
        {
            BinaryOperatorKind.Add => Expressions.Add(left, right),
            BinaryOperatorKind.Subtract => Expressions.Subtract(left, right),
            BinaryOperatorKind.Multiply => Expressions.Multiply(left, right),
            BinaryOperatorKind.Divide => Expressions.Divide(left, right),
            BinaryOperatorKind.LessThan => Expressions.Build(ScalarOp.Less, left, right),
            BinaryOperatorKind.LessThanOrEqual => Expressions.Build(ScalarOp.LessOrEqual, left, right),
            BinaryOperatorKind.GreaterThan => Expressions.Build(ScalarOp.Less, right, left),
            BinaryOperatorKind.GreaterThanOrEqual => Expressions.Build(ScalarOp.LessOrEqual, right, left),
            BinaryOperatorKind.Equals => Expressions.Build(ScalarOp.Equal, left, right),
            BinaryOperatorKind.NotEquals => Not(Expressions.Build(ScalarOp.Equal, left, right)),
            _ => throw ReadFailure.Of(Descriptors.UnsupportedExpression, at, "use +, -, *, / and comparisons"),
        };
    }

    protected override Expr? LibraryCall(IInvocationOperation call, IReadOnlyList<Expr> arguments)
    {
        var type = call.TargetMethod.ContainingType;
        if (type.Name is not ("Math" or "MathF" or "Single" or "Double")) return null;
        if (type.ContainingNamespace is not { Name: "System", ContainingNamespace.IsGlobalNamespace: true }) return null;

        var name = call.TargetMethod.Name;
        return MathFunctions.Find(name, arguments) ?? throw ReadFailure.Of(
            Descriptors.NotDifferentiable, call, $"there is no rule for {type.Name}.{name}; there is one for {MathFunctions.Names}");
    }

    protected override Expr Choose(Expr condition, Expr then, Expr otherwise) =>
        IsCondition(then) ? Either(Both(condition, then), Both(Not(condition), otherwise))
        : Decide(condition) is { } known ? known ? then : otherwise
        : Expressions.Select(condition, then, otherwise);

    protected override Expr Both(Expr left, Expr right) => (Decide(left), Decide(right)) switch
    {
        (false, _) or (_, false) => False,
        (true, _) => right,
        (_, true) => left,
        _ => Expressions.Build(ScalarOp.And, left, right),
    };

    protected override Expr Either(Expr left, Expr right) => (Decide(left), Decide(right)) switch
    {
        (true, _) or (_, true) => True,
        (false, _) => right,
        (_, false) => left,
        _ => Expressions.Build(ScalarOp.Or, left, right),
    };

    protected override Expr Not(Expr condition) =>
        Decide(condition) is { } known ? known ? False : True
        : condition is Apply { Op: ScalarOp.Not } negated ? negated.Args[0]
        : Expressions.Build(ScalarOp.Not, condition);

    protected override bool IsCondition(Expr value) => value.IsCondition;

    protected override bool? Decide(Expr condition) =>
        condition is Apply { Args.Count: 2 } known && known.Args[0] is Constant a && known.Args[1] is Constant b
            ? ScalarOps.Evaluate(known.Op, [a.Value, b.Value]) != 0
            : null;

    private static ReadFailure NotFloat(IOperation at) =>
        ReadFailure.Of(Descriptors.UnsupportedExpression, at, "a function works on float");

    private static bool IsReal(ITypeSymbol? type) => type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double;

    private static bool IsInteger(ITypeSymbol? type) => type?.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64;

    private static bool IsNumber(ITypeSymbol? type) => IsReal(type) || IsInteger(type);

    private static bool IsKnown(ITypeSymbol? type) => IsNumber(type) || type?.SpecialType == SpecialType.System_Boolean;
}
