using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Parsing.Bodies;
using ModelDsl.Generator.Scans;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <content>
/// Recurrences. The step is evaluated once, on the inputs of a loop body, and becomes that body. It has its own scope for names; blocks and weights from outside keep theirs.
/// </content>
internal sealed partial class ForwardRunner
{
    private LayerValue Scan(LayerValue input, TensorCode code, Frame frame)
    {
        var scope = Scope(code, frame, "Scan", "scan", input);
        if (!TensorFunctions.AreNumbers(scope, input) || !LayerLists.Claim(scope.Name, scope.Call, block, state)) throw new Stop();
        var sizes = TensorFunctions.Sizes(input);
        if (sizes.Count < 2 || !input.Shape.HasBatch)
        {
            scope.NotAccepted("positions with values each, [N, T, …]", "");
            throw new Stop();
        }

        var step = (LambdaCode)code.Arguments.First(argument => argument.Name == "step").Value;
        LayerValue[] start = [.. Tuple(Evaluate(code.Arguments.First(argument => argument.Name == "start").Value, frame)).Select(value => OfEachSample(scope, value))];
        var (firstRow, before, streams) = (state.Rows.Count, (object?[])frame.Variables.Clone(), state.Streams);
        var loop = new ScanLoop(scope, input) { IsDrawnInside = draws => draws.Stream >= streams };
        var (carried, next, output) = Step(loop, step, start, frame);

        // The variables from outside that the step assigns are known now. The step is evaluated again without their values, so that it can read only the state of the previous step.
        var changed = Changed(scope, frame, before);
        foreach (var variable in changed) (frame.Variables[variable], frame.Changing[variable]) = (null, scope.Call.Site);
        if (changed.Count > 0)
        {
            state.Rows.RemoveRange(firstRow, state.Rows.Count - firstRow);
            streams = state.Streams;
            (carried, next, output) = Step(loop = new ScanLoop(scope, input) { IsDrawnInside = draws => draws.Stream >= streams }, step, start, frame);
        }

        foreach (var variable in changed) frame.Changing.Remove(variable);
        var last = changed.Select(variable => OfEachSample(scope, (LayerValue)frame.Variables[variable]!)).ToArray();
        var once = state.Rows.Skip(firstRow).Sum(row => row.Flops);
        var scanned = loop.Close(carried, next, output, last) ?? throw new Stop();

        // Variables of the step are removed. Variables from outside have their values after the last step.
        for (var i = 0; i < before.Length; i++) frame.Variables[i] = before[i];
        for (var i = 0; i < changed.Count; i++) frame.Variables[changed[i]] = last[i];
        state.Rows.Insert(firstRow, new LayerRow(
            block.Depth, scope.Name, "Scan", scanned.ShapeText, 0, Math.Max(0, state.CountFlops(scanned.Node) - once), 4L * scanned.Shape.Length));
        return scanned;
    }

    /// <summary>Evaluates the step once, on the inputs of a loop body.</summary>
    private (LayerValue[] Carried, LayerValue[] Next, LayerValue Output) Step(ScanLoop loop, LambdaCode step, LayerValue[] start, Frame frame)
    {
        var scope = loop.Scope;
        LayerValue[] carried = [.. start.Select(loop.Carry)];
        var at = TensorFunctions.Slice(scope, loop.Input, axis: 0, 0, 1, dropsAxis: true) ?? throw new Stop();
        frame.Variables[step.Parameters[0]] = carried.Length > 1 ? (object)carried : carried[0];
        frame.Variables[step.Parameters[1]] = at with { Node = loop.Element };
        var states = state.NextStates.ToArray();
        Within(new BlockScope(block.Owner, scope.Path, block.Depth + 1, block.IsFrozen), () => Run(step.Body, frame));
        if (state.NextStates.Except(states).Select(pair => pair.Key).FirstOrDefault() is { } changed) throw Report(Problem.At(Descriptors.StateInLoop.Id, scope.Call.Site, changed.Name));
        var result = (object[])frame.Result!;
        LayerValue[] next = [.. Tuple(result[0]).Select(value => OfEachSample(scope, value))];
        for (var i = 0; i < next.Length; i++) MustKeepShape(scope, carried[i], next[i]);
        return (carried, next, OfEachSample(scope, (LayerValue)result[1]));
    }

    /// <summary>The variables from outside that a step has assigned other tensors to.</summary>
    private List<int> Changed(LayerScope scope, Frame frame, object?[] before)
    {
        var changed = new List<int>();
        for (var i = 0; i < before.Length; i++)
        {
            if (before[i] is null || ReferenceEquals(before[i], frame.Variables[i]) || (before[i] is ValueType && before[i]!.Equals(frame.Variables[i])) || before[i]!.Equals(frame.Variables[i])) continue;
            if (before[i] is not LayerValue) throw Report(Problem.At(Descriptors.ChangedInStep.Id, scope.Call.Site, "a number, list or block from outside"));
            changed.Add(i);
        }

        return changed;
    }

    /// <summary>The problem of reading a variable without a value. The C# compiler reports it, unless the variable has a value from the previous step of a loop.</summary>
    private Stop Unset(Frame frame, VariableCode variable) => frame.Changing.TryGetValue(variable.Index, out var site)
        ? Report(Problem.At(Descriptors.ChangedInStep.Id, site, "a tensor from outside that it also reads"))
        : ReportedByCompiler(frame, variable.Node);

    private LayerValue Zeros(TensorCode code, Frame frame)
    {
        var scope = ScopeOfSource(code, "zeros", frame);
        int[] shape = [.. scope.Call.Ints("shape")];
        if (!scope.Require(shape.Length > 0 && shape.All(size => size > 0), "shape", "one or more positive sizes, such as Zeros(64)")) throw new Stop();
        if (!scope.Fits("The result of 'Zeros'", shape)) throw new Stop();
        return new LayerValue(GraphBuilder.Map(scope.NodeName, Shape.Batch(shape), Zero)).After(scope.Path, scope.Call.Site);
    }

    private static IEnumerable<LayerValue> Tuple(object value) => value is object[] items ? items.Cast<LayerValue>() : [(LayerValue)value];

    private static LayerValue OfEachSample(LayerScope scope, LayerValue value)
    {
        if (!TensorFunctions.AreNumbers(scope, value)) throw new Stop();
        if (value.Shape.HasBatch) return value;
        var shape = Shape.Of([Extent.Batch, .. value.Shape.Extents]);
        return value with { Node = GraphBuilder.Map(scope.NodeName, shape, Input(0), Operand.Trailing(value.Node, shape.Rank)) };
    }

    private static void MustKeepShape(LayerScope scope, LayerValue before, LayerValue after)
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
