using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Parsing.Functions;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <content><content>Calls: layers and functions of tensors, functions of Math, and methods that are also read.</content></content>
internal sealed partial class MethodReader
{
    private Code Call(IInvocationOperation call)
    {
        var (target, node) = (call.TargetMethod, NodeOf(call));
        if (ForwardMethods.IsTensor(target.ContainingType)) return Tensor(call, node);
        if (target.ContainingType is { Name: "Math" or "MathF", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } })
        {
            return new MathCode(node, target.Name, InOrder(call.Arguments).ToEquatableArray());
        }

        if (target.IsGenericMethod || target.MethodKind != MethodKind.Ordinary || target.Parameters.Any(parameter => parameter.RefKind != RefKind.None))
        {
            throw Unsupported(call, "call ordinary methods; generic ones, local functions and ref, in or out parameters are not read");
        }

        if (call.Instance is not (null or IInstanceReferenceOperation)) throw Unsupported(call, "call methods of the class itself, and static ones");
        if (target.ReturnsVoid) throw Unsupported(call, "a method that gives nothing does nothing here");
        if (MethodBodies.Find(target, owner.Compilation, owner.Cancellation) is null)
        {
            throw Unsupported(call, "the body of the method is not in this project");
        }

        // The method of a call that cannot be read is not read either.
        var arguments = InOrder(call.Arguments).ToEquatableArray();
        return new CallCode(node, owner.NumberOf(target.OriginalDefinition), arguments);
    }

    private TensorCode Tensor(IInvocationOperation call, NodeReference node)
    {
        var name = call.TargetMethod.Name;
        var operands = call.Instance is { } instance ? EquatableArray.Of(Value(instance)) : EquatableArray<Code>.Empty;
        var arguments = call.Arguments
            .Where(argument => argument.ArgumentKind != ArgumentKind.DefaultValue && !IsNull(argument))
            .OrderBy(argument => argument.Parameter!.Ordinal)
            .Select(argument => new ArgumentCode(argument.Parameter!.Name, Argument(name, argument)));
        return new(node, name, operands, arguments.ToEquatableArray());
    }

    /// <summary>Whether an argument is null where that is the default.</summary>
    private static bool IsNull(IArgumentOperation argument) =>
        argument.Parameter is { HasExplicitDefaultValue: true, ExplicitDefaultValue: null } && Plain(argument.Value).ConstantValue is { HasValue: true, Value: null };

    private Code Argument(string layer, IArgumentOperation argument)
    {
        if (argument.Parameter!.Name == "function") return Function(layer, argument);
        if (argument.Value is IDelegateCreationOperation step) return Lambda(step);
        if (argument.Parameter.Name == "block") RequireBlock(argument.Value);
        return Value(argument.Value);
    }

    /// <summary>Reads a function that is an argument of a layer: a method group, or its name as a constant.</summary>
    private FunctionCode Function(string layer, IArgumentOperation argument)
    {
        var read = argument.Value switch
        {
            IDelegateCreationOperation { Target: IMethodReferenceOperation named } => owner.Function(named.Method, layer, SiteOf(argument.Value)),
            { ConstantValue.Value: string function } => owner.Function(function, layer, method.ContainingType, SiteOf(argument.Value)),
            _ => throw Unsupported(argument.Value, $"write the name of a method, as in '{layer}(Swish)', with 'static float Swish(float x)' in the class"),
        };
        return new FunctionCode(NodeOf(argument.Value), read ?? throw ReadFailure.ReportedByCompiler(argument.Value));
    }

    private LambdaCode Lambda(IDelegateCreationOperation step)
    {
        if (step.Target is not IAnonymousFunctionOperation lambda) throw Unsupported(step, "write it as a lambda expression, such as '(h, x) => (next, output)'");
        var parameters = lambda.Symbol.Parameters.Select(VariableOf).ToEquatableArray();
        return new(NodeOf(lambda), parameters, Block(lambda.Body));
    }

    private IEnumerable<Code> InOrder(IEnumerable<IArgumentOperation> arguments) =>
        arguments.OrderBy(argument => argument.Parameter!.Ordinal).Select(argument => Value(argument.Value));
}
