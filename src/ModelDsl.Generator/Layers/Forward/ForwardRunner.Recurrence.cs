using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Parsing.Bodies;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <content>
/// Recurrences, unrolled to a step per position. Each step has a new scope for names, so that all steps have the
/// same weights; blocks and weights from outside keep their names.
/// </content>
internal sealed partial class ForwardRunner
{
    // Each position has its own step, and so its own kernels.
    private const int MostPositions = 64;

    private Value Scan(Value input, TensorCode code, Frame frame)
    {
        var scope = Scope(code, frame, "Scan", "scan", input);
        if (!TensorFunctions.AreNumbers(scope, input) || !LayerLists.Claim(scope.Name, scope.Call, block, state)) throw new Stop();
        var sizes = TensorFunctions.Sizes(input);
        if (sizes.Count < 2 || !input.Shape.HasBatch)
        {
            scope.NotAccepted("positions with values each, [N, T, …]", "");
            throw new Stop();
        }

        if (sizes[0] > MostPositions)
        {
            scope.NotAccepted($"at most {MostPositions} positions", "it is written out, a step for each: shorten the sequence, or pool over parts of it first");
            throw new Stop();
        }

        var step = (LambdaCode)code.Arguments.First(argument => argument.Name == "step").Value;
        var carried = Tuple(Evaluate(code.Arguments.First(argument => argument.Name == "start").Value, frame)).Select(start => OfEachSample(scope, start)).ToArray();
        var isTuple = carried.Length > 1;
        var outputs = new List<Value>();
        var firstRow = state.Rows.Count;
        var rows = 0;
        for (var t = 0; t < sizes[0]; t++)
        {
            var at = TensorFunctions.Slice(scope, input, axis: 0, t, 1, dropsAxis: true) ?? throw new Stop();
            state.Made(at.Node, scope.Path, "Scan", scope.Call.Site);
            frame.Variables[step.Parameters[0]] = isTuple ? (object)carried : carried[0];
            frame.Variables[step.Parameters[1]] = at;
            Within(new BlockScope(block.Owner, scope.Path, block.Depth + 1, block.IsFrozen), () => Run(step.Body, frame));
            var result = (object[])frame.Result!;
            Value[] next = [.. Tuple(result[0]).Select(value => OfEachSample(scope, value))];
            var output = OfEachSample(scope, (Value)result[1]);
            for (var i = 0; i < next.Length; i++) MustKeepShape(scope, carried[i], next[i]);
            if (outputs.Count > 0) MustKeepShape(scope, outputs[0], output);
            if (input.Mask?.At(t) is { } counts)
            {
                for (var i = 0; i < next.Length; i++) next[i] = Where(scope, counts, next[i], carried[i]);
                if (outputs.Count > 0) output = Where(scope, counts, output, outputs[outputs.Count - 1]);
            }

            (carried, rows) = (next, rows == 0 ? state.Rows.Count : rows);
            outputs.Add(output);
            state.Rows.RemoveRange(rows, state.Rows.Count - rows);
        }

        // The outputs are concatenated: each is one position long.
        var shape = outputs[0].Shape.Extents;
        Shape OfPositions(int count) => Shape.Of([Extent.Batch, count, .. shape.Skip(1)]);
        if (!scope.Fits("The result of 'Scan'", OfPositions(outputs.Count).Length)) throw new Stop();
        var node = GraphBuilder.Concat(scope.NodeName, 1, [.. outputs.Select(output => GraphBuilder.Reshape(scope.NodeName, OfPositions(1), output.Node))]);
        var scanned = (input with { Node = node, IsSequence = true, Written = null }).After(scope.Path, scope.Call.Site);
        state.Rows.Insert(firstRow, new LayerRow(block.Depth, scope.Name, "Scan", scanned.ShapeText, 0, state.CountFlops(node), 4L * scanned.Shape.Length));
        return scanned;
    }

    private Value Zeros(TensorCode code, Frame frame)
    {
        var scope = ScopeOfSource(code, "zeros", frame);
        int[] shape = [.. scope.Call.Ints("shape")];
        if (!scope.Require(shape.Length > 0 && shape.All(size => size > 0), "shape", "one or more positive sizes, such as Zeros(64)")) throw new Stop();
        if (!scope.Fits("The result of 'Zeros'", shape)) throw new Stop();
        return new Value(GraphBuilder.Map(scope.NodeName, Shape.Batch(shape), Zero)).After(scope.Path, scope.Call.Site);
    }

    private static IEnumerable<Value> Tuple(object value) => value is object[] items ? items.Cast<Value>() : [(Value)value];

    private static Value OfEachSample(LayerScope scope, Value value)
    {
        if (!TensorFunctions.AreNumbers(scope, value)) throw new Stop();
        if (value.Shape.HasBatch) return value;
        var shape = Shape.Of([Extent.Batch, .. value.Shape.Extents]);
        return value with { Node = GraphBuilder.Map(scope.NodeName, shape, Input(0), Operand.Trailing(value.Node, shape.Rank)) };
    }

    private static Value Where(LayerScope scope, Node counts, Value then, Value otherwise) => then with
    {
        Node = GraphBuilder.Pointwise(scope.NodeName, Select(Less(Zero, Input(2)), Input(0), Input(1)), then.Node, otherwise.Node, counts),
    };

    private static void MustKeepShape(LayerScope scope, Value before, Value after)
    {
        if (before.Shape == after.Shape) return;
        scope.Report(Problem.At(
            Descriptors.OperandShapes.Id,
            scope.Call.Site,
            "Scan",
            $"'{before.Producer}'",
            before.ShapeText,
            $"'{after.Producer}'",
            after.ShapeText,
            $"{before.Trail} and {after.Trail}",
            LayerScope.After("the state and the output keep their shapes from step to step")).With(before.Trail!.Site, after.Trail!.Site));
        throw new Stop();
    }
}
