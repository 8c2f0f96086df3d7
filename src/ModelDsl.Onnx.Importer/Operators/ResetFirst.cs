using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;
using ModelDsl.Onnx.Importer.Weights;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>
/// A GRU whose reset gate is applied to the state before the product with its weights (linear_before_reset=0), as in the first version of the layer. The layer Gru applies it after the product, so this is
/// written as a Scan.
/// </summary>
internal static class ResetFirst
{
    /// <summary>Returns the states after all positions.</summary>
    /// <param name="node">The node.</param>
    /// <param name="sequence">The input, with the positions first.</param>
    /// <param name="weight">The weights of the input: the rows of the update gate, of the reset gate, and of the new state.</param>
    /// <param name="recurrent">The weights of the state, in the same order.</param>
    /// <param name="bias">The biases of both; null for none.</param>
    /// <param name="units">The number of units.</param>
    /// <param name="initial">The state before the first position; null for zero.</param>
    public static Code Of(Node node, Code sequence, Constant weight, Constant recurrent, Constant? bias, long units, Code? initial)
    {
        var gates = node.Layer(
            sequence, $"Dense({3 * units}{(bias is null ? ", useBias: false" : "")}", [weight],
            [new("weight", [3 * units, weight.Shape[2]], () => weight.All()), .. bias is null ? Array.Empty<WeightTensor>() : [new WeightTensor("bias", [3 * units], () => Sum(bias.All()))]]);
        var (gate, state) = (Weight(node, recurrent, "gates", 0, 2, units), Weight(node, recurrent, "state", 2, 1, units));
        var step = $"var both = given.Slice(0, {2 * units}) + carried.Reshape(1, {units}).MatMul({{1}}).Reshape({2 * units}); var update = both.Slice(0, {units}).Sigmoid(); "
            + $"var reset = both.Slice({units}, {units}).Sigmoid() * carried; var proposed = (given.Slice({2 * units}, {units}) + reset.Reshape(1, {units}).MatMul({{2}}).Reshape({units})).Tanh(); "
            + "var next = update * carried + (1 - update) * proposed; return (next, next);";
        Code[] operands = initial is null ? [gates, gate, state] : [gates, gate, state, initial];
        return new($"{{0}}.Scan({(initial is null ? $"Tensor.Zeros({units})" : "{3}")}, (carried, given) => {{{{ {step} }}}})", Precedence.Primary, operands);
    }

    /// <summary>Returns the weights of some gates as a matrix whose columns are the results, because the step of a Scan cannot name its layers.</summary>
    public static Code Weight(Node node, Constant recurrent, string name, long first, long count, long units)
    {
        var source = recurrent.Source.Length > 0 ? recurrent.Source : node.Name;
        return node.Scope.Weight(Constant.Of([units, count * units], Columns, $"{source}_{name}", recurrent.IsTrained), node);

        float[] Columns()
        {
            var rows = recurrent.All().AsSpan((int)(first * units * units), (int)(count * units * units));
            var columns = new float[rows.Length];
            for (var i = 0; i < rows.Length; i++) columns[(i % units * count * units) + (i / units)] = rows[i];
            return columns;
        }
    }

    /// <summary>The file has a bias of the input and one of the state. Here they are added at once.</summary>
    public static float[] Sum(float[] both) => [.. both.Take(both.Length / 2).Zip(both.Skip(both.Length / 2), (a, b) => a + b)];
}
