using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>Gated recurrent units with the gates in the order r, z, n. The reset gate is applied to the product with the state, as in PyTorch and cuDNN.</summary>
/// <param name="initial">The hidden state before the first position; null for zeros.</param>
internal sealed class GruLayer(IReadOnlyList<LayerValue>? initial = null) : RecurrentLayer(initial)
{
    public override string Kind => "Gru";

    public override int States => 1;

    protected override int Gates => 3;

    public override RecurrentLayer With(IReadOnlyList<LayerValue> initial) => new GruLayer(initial);

    protected override Node? Inputs(RecurrentCell cell, Node input) => cell.Inputs(input, addsBoth: false);

    protected override Node[]? Step(RecurrentCell cell, Node input, Node[] state)
    {
        if (cell.Recurrent(state[0]) is not { } products) return null;
        if (cell.HasBias)
        {
            if (cell.RecurrentBias() is not { } bias) return null;
            products = GraphBuilder.Map(cell.Name + "Products", products.Shape, Add(Input(0), Input(1)), Operand.Whole(products), Operand.Trailing(bias, 2));
        }

        Node Gate(string what, int gate) => GraphBuilder.Pointwise(
            cell.Name + what, Sigmoid(Add(Input(0), Input(1))), cell.Gate(what, input, gate), cell.Gate(what, products, gate));
        var (r, z) = (Gate("ResetGate", 0), Gate("UpdateGate", 1));
        var n = GraphBuilder.Pointwise(
            cell.Name + "Candidate", Tanh(Add(Input(0), Multiply(Input(1), Input(2)))), cell.Gate("Candidate", input, 2), r, cell.Gate("Candidate", products, 2));

        // (1 − z)·n + z·h
        return [GraphBuilder.Pointwise(cell.Name, Add(Input(1), Multiply(Input(0), Subtract(Input(2), Input(1)))), z, n, state[0])];
    }
}
