using Microsoft.CodeAnalysis.Operations;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Parsing.Bodies;

namespace ModelDsl.Generator.Layers;

/// <content>Expressions. A value is a <see cref="LayerValue"/>, an int, float, double, bool or string, a block, or a list of such.</content>
internal sealed partial class ForwardRunner
{
    private object Evaluate(Code code, Frame frame)
    {
        Step(frame, code.Node);
        switch (code)
        {
            case LiteralCode literal:
                return literal.Value;

            case FunctionCode function:
                return function.Function;

            case VariableCode variable:
                // A variable without a value is an error of the C# compiler.
                return frame.Variables[variable.Index] ?? throw Unset(frame, variable);

            case BlockParameterCode parameter:
                // Missing arguments have been reported.
                return parameter.Index < arguments.Values.Count ? arguments.Values[parameter.Index].Value : throw new Stop();

            case UnaryCode unary:
                return Unary(unary, frame);

            case BinaryCode binary:
                return Binary(binary, frame);

            case ConvertCode convert:
                return Known(frame, convert.Node, () => BuildTime.Convert(convert.To, Evaluate(convert.Operand, frame)), "");

            case ConditionalCode conditional:
                return Evaluate(Truth(conditional.Condition, frame) ? conditional.Then : conditional.Otherwise, frame);

            case TensorCode tensor:
                return Member(tensor, frame);

            case CallCode call:
                return call.Method == 0 && measured is not null
                    ? CallForward(EvaluateAll(call.Arguments, frame))
                    : Call(forward.Methods[call.Method], EvaluateAll(call.Arguments, frame));

            case MathCode math:
                var given = EvaluateAll(math.Arguments, frame);
                return Known(frame, math.Node, () => BuildTime.Call(math.Name, given), $"of Math, {BuildTime.Functions} are known");

            case NewBlockCode creation:
                return new BlockInstance(creation.Key, Arguments(creation, frame), block, frame.Method.SiteOf(creation.Node));

            case FieldCode field:
                if (fields.TryGetValue(field.Initializer, out var known)) return known;
                var instance = Within(home, () => (BlockInstance)Call(forward.Methods[field.Initializer], []));
                (instance.Name, instance.IsFrozen, instance.IsRecomputed) = (field.Name, field.IsFrozen, field.IsRecomputed);
                fields.Add(field.Initializer, instance);
                return instance;

            case WeightCode weight:
                return Weight(weight.Declaration);

            case AxisIndexCode at:
                var number = Evaluate(at.Value, frame);
                return at.FromEnd ? "^" + BuildTime.Text(number) : number;

            case ListCode list:
                return EvaluateAll(list.Items, frame);

            case ElementCode element:
                var (items, index) = Element(element.List, element.Index, element.Node, frame);
                return items[index] ?? throw Fail(frame, element.Node, $"the item at {index} is read before it is given a value");

            case NewArrayCode array:
                var size = (int)Evaluate(array.Length, frame);
                if (size is < 0 or > MostItems) throw Fail(frame, array.Length.Node, $"an array has from 0 to {MostItems.ToString("N0", LayerNames.Invariant)} items");
                state.Steps += size;
                var created = new object[size];
                for (var i = 0; i < size; i++) created[i] = array.Item!;
                return created;

            case LengthCode length:
                return ((object[])Evaluate(length.List, frame)).Length;

            case TextCode text:
                var parts = EvaluateAll(text.Parts, frame);
                return Known(frame, text.Node, () => BuildTime.Join(parts.Select(BuildTime.Text)), "");

            default:
                throw new InvalidOperationException($"No expression is called {code.GetType().Name}.");
        }
    }

    /// <summary>Evaluates a list and the index of one of its items.</summary>
    private (object[] Items, int Index) Element(Code list, Code at, NodeReference node, Frame frame)
    {
        var (items, index) = ((object[])Evaluate(list, frame), (int)Evaluate(at, frame));
        return index >= 0 && index < items.Length ? (items, index) : throw Fail(frame, node, $"there are {items.Length} items, and none at {index}");
    }

    private object[] EvaluateAll(EquatableArray<Code> codes, Frame frame)
    {
        var values = new object[codes.Count];
        for (var i = 0; i < values.Length; i++) values[i] = Evaluate(codes[i], frame);
        return values;
    }

    private bool Truth(Code code, Frame frame) => (bool)Evaluate(code, frame);

    private object Unary(UnaryCode code, Frame frame)
    {
        var operand = Evaluate(code.Operand, frame);
        return operand is LayerValue value
            ? Arithmetic.Negate(Scope(code, frame, "-", "negative", value), value) ?? throw new Stop()
            : Known(frame, code.Node, () => BuildTime.Unary(code.Operator, operand), "use +, - and !");
    }

    private object Binary(BinaryCode code, Frame frame)
    {
        var left = Evaluate(code.Left, frame);
        if (code.Operator is BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr)
        {
            return (bool)left == (code.Operator == BinaryOperatorKind.ConditionalOr) ? left : Evaluate(code.Right, frame);
        }

        var right = Evaluate(code.Right, frame);
        if (left is not LayerValue && right is not LayerValue)
        {
            return Known(frame, code.Node, () => BuildTime.Binary(code.Operator, left, right), "numbers known at build time have the usual operators");
        }

        var (sign, name) = Arithmetic.NamesOf(code.Operator);
        var scope = Scope(code, frame, sign, name, left as LayerValue ?? (LayerValue)right);
        return Arithmetic.Combine(scope, code.Operator, left, right) ?? throw new Stop();
    }

    /// <summary>Evaluates a value that is known at build time, or reports a problem at the node.</summary>
    private object Known(Frame frame, NodeReference at, Func<object?> compute, string remedy)
    {
        try
        {
            return compute() ?? throw Fail(frame, at, remedy);
        }
        catch (ArithmeticException exception)
        {
            throw Fail(frame, at, exception is DivideByZeroException ? "it divides by zero" : "it is too large");
        }
    }

    private BlockArguments Arguments(NewBlockCode creation, Frame frame)
    {
        var values = new List<BlockArgument>();
        foreach (var argument in creation.Arguments)
        {
            var value = Evaluate(argument, frame);
            values.Add(value is int or float or double or bool or string
                ? new BlockArgument(value)
                : throw Report(Problem.At(
                    Descriptors.UnsupportedInForward.Id,
                    frame.Method.SiteOf(argument.Node),
                    "This argument of a block",
                    "a block is given int, float, double, bool and string; tensors it gets through Apply")));
        }

        return new(values.ToEquatableArray());
    }

    /// <summary>Returns the scope of an operator or function that is not a layer.</summary>
    private LayerScope Scope(Code code, Frame frame, string kind, string name, LayerValue input)
    {
        var spec = new LayerSpec(kind, EquatableArray<ArgumentSpec>.Empty, EquatableArray<string>.Empty, frame.Method.SiteOf(code.Node));
        return new(state, block, new LayerCall(spec), block.Numbered(name), input);
    }
}
