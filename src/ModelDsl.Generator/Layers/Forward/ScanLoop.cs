using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scans;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>A recurrence while its step is evaluated: the inputs of the step, and the loop that it becomes.</summary>
internal sealed class ScanLoop
{
    private readonly BodyClosure closure;

    /// <summary>Begins a loop over the positions of a sequence.</summary>
    /// <param name="scope">The recurrence.</param>
    /// <param name="input">The sequence.</param>
    /// <param name="isReversed">Whether the loop starts with the last position.</param>
    public ScanLoop(LayerScope scope, LayerValue input, bool isReversed = false)
    {
        (Scope, Input) = (scope, input);
        closure = new BodyClosure(scope.NodeName, input.Shape[1].Value) { IsReversed = isReversed, IsDrawnInside = draws => IsDrawnInside(draws) };
        Element = closure.Element(scope.NodeName + "Input", input.Node);
    }

    public LayerScope Scope { get; }

    public LayerValue Input { get; }

    /// <summary>The values at a position.</summary>
    public Node Element { get; }

    /// <summary>Whether random numbers are drawn again in each step.</summary>
    public Func<RandomNode, bool> IsDrawnInside { get; init; } = _ => false;

    /// <summary>Adds a part of the state, with its initial value.</summary>
    public LayerValue Carry(LayerValue start) => start with { Node = closure.Carry(Scope.NodeName + "State", start.Node) };

    /// <summary>
    /// Returns the outputs of all steps; null after reporting that they are too large. At positions of padding the state is kept, and the output is that of the previous
    /// position, or 0 if there is none.
    /// </summary>
    /// <param name="carried">The state before a step.</param>
    /// <param name="next">The state after the step.</param>
    /// <param name="output">Its output.</param>
    /// <param name="last">Values of a step. Each is replaced by its value at the last position.</param>
    public LayerValue? Close(LayerValue[] carried, LayerValue[] next, LayerValue output, LayerValue[] last)
    {
        var name = Scope.NodeName;
        var number = Array.FindIndex(next, value => ReferenceEquals(value.Node, output.Node));
        Node[] results = [.. next.Select(value => value.Node)];
        if (Input.Mask is { } mask)
        {
            var counts = closure.Element(name + "Counts", mask.Node);
            if (number < 0)
            {
                number = results.Length;
                carried = [.. carried, Carry(output with { Node = GraphBuilder.Map(name, output.Shape, Zero) })];
                results = [.. results, output.Node];
            }

            results = [.. results.Select((value, i) => GraphBuilder.Pointwise(name, Select(Less(Zero, Input(2)), Input(0), Input(1)), value, carried[i].Node, counts))];
        }

        Node[] outputs = [.. number < 0 ? [output.Node] : Array.Empty<Node>(), .. last.Select(value => value.Node)];
        var loop = closure.Close(results, outputs, []);
        for (var i = 0; i < last.Length; i++)
        {
            var all = GraphBuilder.ScanResult(name, loop, ScanResultKind.Output, outputs.Length - last.Length + i);
            last[i] = last[i] with { Node = TimeAxis.At(name, all, loop.Steps - 1) };
        }

        var scanned = number < 0 ? GraphBuilder.ScanResult(name, loop, ScanResultKind.Output, 0) : GraphBuilder.After(name, loop, number);
        if (!Scope.Fits($"The result of '{Scope.Call.Kind}'", scanned.Shape.Length)) return null;
        return (Input with { Node = scanned, IsSequence = true, Written = null }).After(Scope.Path, Scope.Call.Site);
    }
}
