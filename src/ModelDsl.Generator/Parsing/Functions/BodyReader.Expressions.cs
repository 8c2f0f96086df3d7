using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ModelDsl.Generator.Diagnostics;

namespace ModelDsl.Generator.Parsing.Functions;

/// <summary>This part evaluates expressions.</summary>
internal abstract partial class BodyReader<T>
{
    private T Evaluate(IOperation operation, Variables<T> variables)
    {
        Count(operation);
        if (operation.ConstantValue is { HasValue: true, Value: var constant }) return Literal(operation, constant);

        switch (operation)
        {
            case IParenthesizedOperation parenthesized:
                return Evaluate(parenthesized.Operand, variables);

            case ILocalReferenceOperation local:
                return variables[local.Local] ?? throw ReadFailure.ReportedByCompiler(operation);

            case IParameterReferenceOperation parameter:
                return variables[parameter.Parameter] ?? throw ReadFailure.ReportedByCompiler(operation);

            case IConversionOperation { OperatorMethod: null } conversion:
                return Convert(conversion, Evaluate(conversion.Operand, variables));

            case IUnaryOperation { OperatorMethod: null } unary:
                return Unary(unary, Evaluate(unary.Operand, variables));

            case IBinaryOperation { OperatorMethod: null } binary:
                var (left, right) = (Evaluate(binary.LeftOperand, variables), Evaluate(binary.RightOperand, variables));
                return Binary(binary, binary.OperatorKind, binary.LeftOperand.Type, left, right);

            case IConditionalOperation { WhenFalse: { } otherwise, IsRef: false } conditional:
                var condition = Evaluate(conditional.Condition, variables);
                return Conditional(condition, () => Evaluate(conditional.WhenTrue, variables), () => Evaluate(otherwise, variables));

            case ISwitchExpressionOperation choice:
                return Switch(choice, variables);

            case IIsPatternOperation test:
                return Matches(test.Pattern, Evaluate(test.Value, variables), variables) ?? Literal(operation, true);

            case IInvocationOperation call:
                return Call(call, variables);

            case IInvalidOperation:
                throw ReadFailure.ReportedByCompiler(operation);

            default:
                throw ReadFailure.Of(Descriptors.UnsupportedExpression, operation, Remedy(operation));
        }
    }

    private T Conditional(T condition, Func<T> then, Func<T> otherwise) =>
        Decide(condition) is { } known ? known ? then() : otherwise() : Choose(condition, then(), otherwise());

    private T Call(IInvocationOperation call, Variables<T> variables)
    {
        var method = call.TargetMethod;
        if (!method.IsStatic || method.MethodKind != MethodKind.Ordinary)
        {
            throw ReadFailure.Of(Descriptors.UnsupportedExpression, call, "only static methods can be called");
        }

        if (method.IsGenericMethod || method.Parameters.Any(parameter => parameter.RefKind != RefKind.None))
        {
            throw ReadFailure.Of(Descriptors.UnsupportedExpression, call, "generic methods and ref, in or out parameters are not read");
        }

        var arguments = new T[method.Parameters.Length];
        foreach (var argument in call.Arguments) arguments[argument.Parameter!.Ordinal] = Evaluate(argument.Value, variables);
        return LibraryCall(call, arguments) ?? Read(method, arguments, call);
    }

    private static string Remedy(IOperation operation) => operation switch
    {
        IFieldReferenceOperation { Field.IsStatic: true } => "its value is not known at build time: make it a const",
        IMemberReferenceOperation => "a function sees only its parameters and constants",
        IAssignmentOperation or IIncrementOrDecrementOperation => "write the assignment as a statement of its own",
        _ => "use arithmetic, comparisons, ?:, switch expressions, MathF and calls of other static methods over float",
    };
}
