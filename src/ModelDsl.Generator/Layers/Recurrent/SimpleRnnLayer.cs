using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>h = tanh(W·x + U·h + b).</summary>
/// <param name="initial">The hidden state before the first position; null for zeros.</param>
internal sealed class SimpleRnnLayer(IReadOnlyList<LayerValue>? initial = null) : RecurrentLayer(initial)
{
    public override string Kind => "SimpleRnn";

    public override int States => 1;

    protected override int Gates => 1;

    public override RecurrentLayer With(IReadOnlyList<LayerValue> initial) => new SimpleRnnLayer(initial);

    protected override Node? Inputs(RecurrentCell cell, Node input) => cell.Inputs(input, addsBoth: true);

    protected override Node[]? Step(RecurrentCell cell, Node input, Node[] state) => cell.Recurrent(state[0]) is { } products
        ? [GraphBuilder.Pointwise(cell.Name, Tanh(Add(Input(0), Input(1))), products, input)]
        : null;
}
