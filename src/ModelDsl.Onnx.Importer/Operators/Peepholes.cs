using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;
using ModelDsl.Onnx.Importer.Weights;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>An LSTM whose gates also read the state of the cells (peepholes). The layer Lstm does not have that, so this is written as a Scan.</summary>
internal static class Peepholes
{
    /// <summary>Returns the states after all positions: the hidden one, and behind it that of the cells.</summary>
    /// <param name="node">The node.</param>
    /// <param name="sequence">The input, with the positions first.</param>
    /// <param name="weights">The weights of the input and of the state, and the biases of both: rows of the input, output, forget and cell gates. Null for no biases.</param>
    /// <param name="peepholes">The weights of the cells in the input, output and forget gates.</param>
    /// <param name="units">The number of units.</param>
    /// <param name="initial">The states before the first position; null for zero.</param>
    public static Code Of(Node node, Code sequence, (Constant Input, Constant State, Constant? Bias) weights, Constant peepholes, long units, Code?[] initial)
    {
        var (weight, bias) = (weights.Input, weights.Bias);
        var gates = node.Layer(
            sequence, $"Dense({4 * units}{(bias is null ? ", useBias: false" : "")}", [weight],
            [new("weight", [4 * units, weight.Shape[2]], () => weight.All()), .. bias is null ? Array.Empty<WeightTensor>() : [new WeightTensor("bias", [4 * units], () => ResetFirst.Sum(bias.All()))]]);
        var step = $"var (hidden, cell) = carried; var all = given + hidden.Reshape(1, {units}).MatMul({{1}}).Reshape({4 * units}); "
            + $"var entered = ({Gate(0)} + {{2}} * cell).Sigmoid() * {Gate(3)}.Tanh(); cell = ({Gate(2)} + {{4}} * cell).Sigmoid() * cell + entered; "
            + $"hidden = ({Gate(1)} + {{3}} * cell).Sigmoid() * cell.Tanh(); return ((hidden, cell), Tensor.Concat(hidden, cell));";
        Code[] operands =
        [
            gates, ResetFirst.Weight(node, weights.State, "gates", 0, 4, units), Weight("input", 0), Weight("output", 1), Weight("forget", 2), .. initial.OfType<Code>(),
        ];
        var operand = 4;
        string[] states = [.. initial.Select(state => state is null ? $"Tensor.Zeros({units})" : $"{{{++operand}}}")];
        return new($"{{0}}.Scan(({string.Join(", ", states)}), (carried, given) => {{{{ {step} }}}})", Precedence.Primary, operands);

        string Gate(int number) => $"all.Slice({number * units}, {units})";

        Code Weight(string name, int gate) => node.Scope.Weight(
            Constant.Of([units], peepholes.All()[(int)(gate * units)..(int)((gate + 1) * units)], $"{(peepholes.Source.Length > 0 ? peepholes.Source : node.Name)}_{name}", peepholes.IsTrained), node);
    }
}
