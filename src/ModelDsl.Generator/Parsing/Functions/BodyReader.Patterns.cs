using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ModelDsl.Generator.Diagnostics;

namespace ModelDsl.Generator.Parsing.Functions;

/// <summary>This part reads switch expressions and patterns.</summary>
internal abstract partial class BodyReader<T>
{
    private T Switch(ISwitchExpressionOperation choice, Variables<T> variables)
    {
        var subject = Evaluate(choice.Value, variables);
        return Arm(0);

        T Arm(int index)
        {
            if (index == choice.Arms.Length)
            {
                throw ReadFailure.Of(Descriptors.UnsupportedExpression, choice, "a value may match no arm: end with '_ => …'");
            }

            var arm = choice.Arms[index];
            var inside = variables.Copy();
            var matches = Matches(arm.Pattern, subject, inside);
            if (arm.Guard is { } guard)
            {
                var condition = Evaluate(guard, inside);
                matches = matches is null ? condition : Both(matches, condition);
            }

            // If a Boolean has only one arm left, that arm needs no condition.
            var isRest = matches is null || (IsCondition(subject) && index == choice.Arms.Length - 1 && index > 0);
            return isRest ? Evaluate(arm.Value, inside) : Conditional(matches!, () => Evaluate(arm.Value, inside), () => Arm(index + 1));
        }
    }

    /// <summary>Returns the condition under which a value matches, or null if it always does.</summary>
    private T? Matches(IPatternOperation pattern, T value, Variables<T> variables)
    {
        Count(pattern);
        switch (pattern)
        {
            case IDiscardPatternOperation:
                return null;

            case IDeclarationPatternOperation { MatchesNull: true } declaration: // var y
                if (declaration.DeclaredSymbol is { } local) variables[local] = value;
                return null;

            case IConstantPatternOperation constant when constant.Value.ConstantValue is { HasValue: true, Value: bool expected }:
                return expected ? value : Not(value);

            case IConstantPatternOperation constant:
                // A pattern, unlike ==, matches NaN with NaN.
                return constant.Value.ConstantValue.Value is float.NaN or double.NaN
                    ? Binary(pattern, BinaryOperatorKind.NotEquals, pattern.InputType, value, value)
                    : Binary(pattern, BinaryOperatorKind.Equals, pattern.InputType, value, Evaluate(constant.Value, variables));

            case IRelationalPatternOperation relational:
                return Binary(pattern, relational.OperatorKind, pattern.InputType, value, Evaluate(relational.Value, variables));

            case INegatedPatternOperation negated:
                return Not(Matches(negated.Pattern, value, variables) ?? Literal(pattern, true));

            case IBinaryPatternOperation binary:
                var (left, right) = (Matches(binary.LeftPattern, value, variables), Matches(binary.RightPattern, value, variables));
                if (binary.OperatorKind == BinaryOperatorKind.Or) return left is null || right is null ? null : Either(left, right);
                return left is null ? right : right is null ? left : Both(left, right);

            default:
                throw ReadFailure.Of(
                    Descriptors.UnsupportedExpression, pattern, "use constants, comparisons, 'and', 'or', 'not', 'var' and '_'");
        }
    }
}
