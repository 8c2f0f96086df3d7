using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Parsing.Bodies;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <content><content>Constants: numbers that are known when the model is compiled, as values of the graph.</content></content>
internal sealed partial class ForwardRunner
{
    // Each number becomes a literal in the generated code.
    private const int MostConstants = 1 << 18;

    private const int MostItems = 1 << 20;

    private LayerValue Constant(TensorCode code, Frame frame)
    {
        var scope = ScopeOfSource(code, "constant", frame);
        if (code.Arguments.FirstOrDefault(argument => argument.Name == "formula") is { } formula)
        {
            int[] sizes = [.. code.Arguments.Where(argument => argument.Name != "formula").Select(argument => scope.Call.Int(argument.Name))];
            var sizeNames = code.Arguments.Where(argument => argument.Name != "formula").Select(argument => argument.Name).ToArray();
            for (var i = 0; i < sizes.Length; i++)
            {
                if (!scope.Require(sizes[i] > 0, sizeNames[i], "positive")) throw new Stop();
            }

            return Stored(scope, ByFormula((LambdaCode)formula.Value, sizes, scope, frame), sizes, frame, formula.Value.Node);
        }

        int[] shape = [.. scope.Call.Ints("shape")];
        var values = code.Arguments.FirstOrDefault(argument => argument.Name == "values");
        double[] given = values is null ? [] : [.. ((object[])Evaluate(values.Value, frame)).Select(Convert.ToDouble)];
        if (values is not null && shape.Length == 0) shape = [given.Length];
        if (!scope.Require(shape.Length > 0 && shape.All(size => size > 0), "shape", "one or more positive sizes, such as Constant(1.0, 64)")) throw new Stop();
        if (values is null)
        {
            var value = scope.Call.Number("value", 0);
            RequireFinite(value, frame, code.Arguments[0].Value.Node);
            return Uniform(scope, value, shape);
        }

        var count = shape.Aggregate(1L, (product, size) => product * size);
        if (count != given.Length)
        {
            throw Fail(frame, values.Value.Node, $"[{string.Join(", ", shape)}] has {count} elements, but there are {given.Length} values");
        }

        return Stored(scope, given, shape, frame, values.Value.Node);
    }

    private LayerValue CausalMask(TensorCode code, Frame frame)
    {
        var scope = ScopeOfSource(code, "causalMask", frame);
        var length = scope.Call.Int("length");
        if (!scope.Require(length > 0, "length", "positive") || !scope.Fits("The result of 'CausalMask'", length, length)) throw new Stop();
        return new LayerValue(GraphBuilder.Map(scope.NodeName, Shape.Of(length, length), Select(Less(Index(0), Index(1)), Zero, One))).After(scope.Path, scope.Call.Site);
    }

    /// <summary>Computes the elements by a lambda expression of their indices, in row-major order.</summary>
    private double[] ByFormula(LambdaCode formula, int[] sizes, LayerScope scope, Frame frame)
    {
        RequireStorable(sizes, scope, frame, formula.Node);
        var values = new double[sizes.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
        {
            var rest = i;
            for (var axis = sizes.Length - 1; axis >= 0; axis--)
            {
                frame.Variables[formula.Parameters[axis]] = rest % sizes[axis];
                rest /= sizes[axis];
            }

            if (Run(formula.Body, frame) != Flow.Return) throw ReportedByCompiler(frame, formula.Node);
            values[i] = Convert.ToDouble(frame.Result, LayerNames.Invariant);
        }

        return values;
    }

    private LayerValue Stored(LayerScope scope, double[] values, int[] shape, Frame frame, NodeReference at)
    {
        RequireStorable(shape, scope, frame, at);
        foreach (var value in values) RequireFinite(value, frame, at);
        if (values.Distinct().Count() == 1) return Uniform(scope, values[0], shape);
        var extents = Shape.Of([.. shape.Select(size => (Extent)size)]);
        return new LayerValue(state.Constant(extents, values.ToEquatableArray())).After(scope.Path, scope.Call.Site);
    }

    /// <summary>Creates a constant with equal elements, which is an expression and needs no memory.</summary>
    private static LayerValue Uniform(LayerScope scope, double value, int[] shape)
    {
        if (!scope.Fits("The result of 'Constant'", shape)) throw new Stop();
        return new LayerValue(GraphBuilder.Map(scope.NodeName, Shape.Of([.. shape.Select(size => (Extent)size)]), Const(value))).After(scope.Path, scope.Call.Site);
    }

    private void RequireStorable(int[] shape, LayerScope scope, Frame frame, NodeReference at)
    {
        if (!scope.Fits("The result of 'Constant'", shape)) throw new Stop();
        var count = shape.Aggregate(1, (product, size) => product * size);
        if (count > MostConstants)
        {
            throw Fail(frame, at, $"{count.ToString("N0", LayerNames.Invariant)} numbers would be literals of the generated code, {MostConstants.ToString("N0", LayerNames.Invariant)} at most; numbers of another source can be a [Frozen] weight that is loaded");
        }
    }

    private void RequireFinite(double value, Frame frame, NodeReference at)
    {
        if (float.IsNaN((float)value) || float.IsInfinity((float)value)) throw Fail(frame, at, "a constant is a number that a float can hold, and not NaN or infinite");
    }

    /// <summary>Returns the scope of a value that has no inputs.</summary>
    private LayerScope ScopeOfSource(TensorCode code, string name, Frame frame) => new(state, block, CallOf(code, frame), block.Numbered(name), null);
}
