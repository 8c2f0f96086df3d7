using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scans;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// A stack of recurrences over positions: [N, T, in] → [N, T, units], or [N, units] after the last position. The products with the inputs are computed for all positions at once;
/// the rest is a loop over time. Parameters have the names of PyTorch.
/// </summary>
/// <param name="initial">The state before the first position; null for zeros.</param>
internal abstract class RecurrentLayer(IReadOnlyList<LayerValue>? initial) : Layer
{
    /// <summary>The number of blocks of rows of the weights, one for each gate.</summary>
    protected abstract int Gates { get; }

    /// <summary>The number of tensors of the state.</summary>
    public abstract int States { get; }

    /// <summary>The state after the last position, in the shapes of the initial one.</summary>
    public IReadOnlyList<LayerValue> Final { get; private set; } = [];

    /// <summary>Returns the same layer with an initial state.</summary>
    public abstract RecurrentLayer With(IReadOnlyList<LayerValue> initial);

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        if (input.Shape.Rank != 3) return scope.NotAccepted("positions with a vector each, [N, T, width]", "");
        var (units, layers, rate) = (call.Int("units"), call.Int("layers", 1), call.Number("dropout", 0));
        var isRightUnits = scope.Require(units > 0, "units", "positive");
        if (!scope.Require(layers > 0, "layers", "positive") || !scope.Require(rate is >= 0 and < 1, "dropout", "at least 0 and less than 1") || !isRightUnits) return null;
        var directions = call.Flag("bidirectional") ? 2 : 1;
        var shape = layers * directions == 1 ? Shape.Batch(units) : Shape.Batch(layers * directions, units);
        if (!scope.Fits($"The states of '{scope.Name}'", input.Shape[1].Value + 1, units)) return null;
        if (Starts(scope, shape) is not { } starts) return null;

        var (value, last) = (input, new List<Node[]>());
        for (var layer = 0; layer < layers; layer++)
        {
            var outputs = new List<Node>();
            for (var direction = 0; direction < directions; direction++)
            {
                var number = (layer * directions) + direction;
                var cell = new RecurrentCell(scope, layer, direction == 1, units, Gates, value.Width);
                Node[] start = [.. starts.Select(state => state.Shape.Rank == 2 ? state : TimeAxis.At(state.Name, state, number))];
                if (Loop(cell, value, start) is not { } loop) return null;
                outputs.Add(GraphBuilder.After(cell.Name, loop, 0));
                last.Add([.. Enumerable.Range(0, States).Select(state => GraphBuilder.Last(cell.Name, loop, state))]);
            }

            var node = outputs.Count == 1 ? outputs[0] : GraphBuilder.Concat(scope.NodeName, 2, [.. outputs]);
            if (layer < layers - 1 && scope.Training && rate > 0) node = DropoutLayer.Drop(scope, scope.NodeName + "Dropped", node, rate);
            value = input with { Node = node };
        }

        if (initial is not null) Final = [.. Enumerable.Range(0, States).Select(state => FinalOf(scope, input, [.. last.Select(states => states[state])]))];
        if (call.Flag("returnSequences")) return value with { IsSequence = true };
        Node[] ends = [.. last.Skip((layers - 1) * directions).Select(states => states[0])];
        return value with { Node = ends.Length == 1 ? ends[0] : GraphBuilder.Concat(scope.NodeName, 1, ends), IsSequence = false };
    }

    /// <summary>The next state from the state and the products with the input at a position.</summary>
    /// <param name="cell">The parameters.</param>
    /// <param name="input">The products with the input, [N, gates · units].</param>
    /// <param name="state">The state. Its first tensor is the output.</param>
    protected abstract Node[]? Step(RecurrentCell cell, Node input, Node[] state);

    /// <summary>The products with the inputs at all positions.</summary>
    protected abstract Node? Inputs(RecurrentCell cell, Node input);

    private ScanNode? Loop(RecurrentCell cell, LayerValue input, Node[] starts)
    {
        if (Inputs(cell, input.Node) is not { } products) return null;
        var closure = new BodyClosure(cell.Name, input.Shape[1].Value) { IsReversed = cell.IsReversed };
        Node[] state = [.. starts.Select((start, number) => closure.Carry(cell.Name + (number == 0 ? "Hidden" : "Cell"), start))];
        if (Step(cell, closure.Element(cell.Name + "Input", products), state) is not { } next) return null;
        if (input.Mask is { } mask)
        {
            var counts = closure.Element(cell.Name + "Counts", mask.Node);
            next = [.. next.Select((value, number) => GraphBuilder.Pointwise(value.Name, Select(Less(Zero, Input(2)), Input(0), Input(1)), value, state[number], counts))];
        }

        return closure.Close(next, [], []);
    }

    /// <summary>The initial states, or zeros; null after a wrong shape was reported.</summary>
    private Node[]? Starts(LayerScope scope, Shape shape)
    {
        if (initial is null) return [.. Enumerable.Repeat(GraphBuilder.Map(scope.NodeName + "Start", shape, Zero), States)];
        var starts = new List<Node>();
        foreach (var value in initial)
        {
            if (!TensorFunctions.AreNumbers(scope, value)) return null;
            var node = value.Shape.HasBatch ? value.Node
                : GraphBuilder.Map(value.Node.Name, Shape.Of([Extent.Batch, .. value.Shape.Extents]), Input(0), Operand.Trailing(value.Node, value.Shape.Rank + 1));
            if (node.Shape != shape)
            {
                (scope with { Input = value }).NotAccepted($"an initial state {shape}", "");
                return null;
            }

            starts.Add(node);
        }

        return [.. starts];
    }

    private static LayerValue FinalOf(LayerScope scope, LayerValue input, Node[] states)
    {
        var node = states.Length == 1 ? states[0] : TimeAxis.Join(scope.NodeName + "Final", states);
        scope.State.Made(node, scope.Path, scope.Call.Kind, scope.Call.Site);
        return (input with { Node = node, IsSequence = false, Written = null }).After(scope.Path, scope.Call.Site);
    }
}
