using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>Long short-term memory, gates in the order i, f, g, o.</summary>
/// <param name="initial">The hidden and the cell state before the first position; null for zeros.</param>
internal sealed class LstmLayer(IReadOnlyList<LayerValue>? initial = null) : RecurrentLayer(initial)
{
    public override string Kind => "Lstm";

    public override int States => 2;

    protected override int Gates => 4;

    public override RecurrentLayer With(IReadOnlyList<LayerValue> initial) => new LstmLayer(initial);

    protected override Node? Inputs(RecurrentCell cell, Node input) => cell.Inputs(input, addsBoth: true);

    protected override Node[]? Step(RecurrentCell cell, Node input, Node[] state)
    {
        if (cell.Recurrent(state[0]) is not { } products) return null;
        var gates = GraphBuilder.Pointwise(cell.Name + "Gates", Add(Input(0), Input(1)), products, input);
        var i = GraphBuilder.Pointwise(cell.Name + "InputGate", Sigmoid(Input(0)), cell.Gate("InputGate", gates, 0));
        var f = GraphBuilder.Pointwise(cell.Name + "ForgetGate", Sigmoid(Input(0)), cell.Gate("ForgetGate", gates, 1));
        var g = GraphBuilder.Pointwise(cell.Name + "Candidate", Tanh(Input(0)), cell.Gate("Candidate", gates, 2));
        var o = GraphBuilder.Pointwise(cell.Name + "OutputGate", Sigmoid(Input(0)), cell.Gate("OutputGate", gates, 3));
        var next = GraphBuilder.Pointwise(cell.Name + "Cell", Add(Multiply(Input(0), Input(1)), Multiply(Input(2), Input(3))), f, state[1], i, g);
        return [GraphBuilder.Pointwise(cell.Name, Multiply(Input(0), Tanh(Input(1))), o, next), next];
    }
}
