using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;
using ModelDsl.Onnx.Importer.Weights;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Recurrent layers. The gates of ONNX are in another order than those of ModelDsl, which has PyTorch's.</summary>
internal static class Recurrences
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters =>
    [
        new("LSTM", node => Convert(node, "Lstm", [0, 2, 3, 1], ["Sigmoid", "Tanh", "Tanh"])),
        new("GRU", node => Convert(node, "Gru", [1, 0, 2], ["Sigmoid", "Tanh"])),
        new("RNN", node => Convert(node, "SimpleRnn", [0], ["Tanh"])),
    ];

    /// <param name="node">The node.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="gates">The index in the file of each gate of the layer.</param>
    /// <param name="activations">The activations that the layer has.</param>
    private static void Convert(Node node, string layer, int[] gates, string[] activations)
    {
        var input = node.Tensor(0);
        var isBatchFirst = node.Int("layout", 0) == 1;
        node.Require(input.BatchAxis == (isBatchFirst ? 0 : 1), $"the samples are axis {input.BatchAxis} of its input, but axis {(isBatchFirst ? 0 : 1)} is expected: say so with Batch=\"{(isBatchFirst ? 0 : 1)}\".");
        Check(node, activations);
        var direction = node.Text("direction", "forward");
        node.Require(direction != "reverse", "a recurrence from the last position to the first is supported together with one in the other direction only.");
        var (directions, units) = (direction == "bidirectional" ? 2 : 1, node.Int("hidden_size", 0));
        var (weight, recurrent) = (node.Constant(1), node.Constant(2));
        var bias = node.Has(3) ? node.Constant(3) : null;
        node.Check(units > 0 && input.Rank == 3, $"the input {Sizes.Text(input.Shape)} does not have 3 axes, or hidden_size is {units}.");
        CheckShape("W", weight, [directions, gates.Length * units, input.Shape[2]]);
        CheckShape("R", recurrent, [directions, gates.Length * units, units]);
        if (bias is not null) CheckShape("B", bias, [directions, 2 * gates.Length * units]);

        var time = isBatchFirst ? 1 : 0;
        var sequence = input.Arranged(time, 2);
        var length = input.Shape[time];
        var needsAll = node.Needs(0);
        var weights = Enumerable.Range(0, directions).SelectMany(index => Weights(index, weight, recurrent, bias, gates, units));
        var call = $"{layer}({units}{(directions == 2 ? ", bidirectional: true" : "")}{(needsAll ? ", returnSequences: true" : "")}{(bias is null ? ", useBias: false" : "")}";
        var code = node.Layer(sequence.Code, call, [weight, recurrent], weights);
        if (needsAll) node.Set(0, All(code, isBatchFirst, length, directions, units));
        if (node.Needs(1)) node.Set(1, Last(needsAll ? Ends(code, length, directions, units) : code, isBatchFirst, directions, units));

        void CheckShape(string name, Constant constant, long[] shape) =>
            node.Check(constant.Shape.SequenceEqual(shape), $"the weight {name} has shape {Sizes.Text(constant.Shape)}, but {Sizes.Text(shape)} is expected for {directions} directions with {units} units.");
    }

    private static void Check(Node node, string[] activations)
    {
        var given = node.Texts("activations");
        node.Require(given is null || given.Chunk(activations.Length).All(each => each.SequenceEqual(activations)), $"the activations {string.Join(", ", given ?? [])} are not supported; {string.Join(", ", activations)} are.");
        node.Require(!node.HasAttribute("clip"), "clip is not supported.");
        node.Require(node.Int("input_forget", 0) == 0, "input_forget is not supported.");
        node.Require(node.Type != "GRU" || node.Int("linear_before_reset", 0) == 1, "the reset gate is applied before the product (linear_before_reset=0), but the layer Gru applies it after the product.");
        node.Require(!node.Has(4) || node.Inputs[4] is Constant, "lengths of sequences that the model computes are not supported.");
        node.Require(!node.Has(4) || node.Constant(4).Uniform == node.Tensor(0).Shape[node.Int("layout", 0) == 1 ? 1 : 0], "sequences of different lengths are not supported.");
        for (var state = 5; state < 7; state++)
            node.Require(!node.Has(state) || node.Inputs[state] is Constant { Uniform: 0 }, "an initial state that is not zero is not supported.");
        node.Require(!node.Has(7), "peepholes are not supported.");
        node.Require(!node.Needs(2), "the last state of the cells (its third output) is not supported.");
    }

    private static IEnumerable<WeightTensor> Weights(int direction, Constant weight, Constant recurrent, Constant? bias, int[] gates, long units)
    {
        var end = direction == 0 ? "_l0" : "_l0_reverse";
        long rows = gates.Length * units;
        yield return new("weight_ih" + end, [rows, weight.Shape[2]], () => Gates(weight.All(), direction * rows * weight.Shape[2], gates, units * weight.Shape[2]));
        yield return new("weight_hh" + end, [rows, units], () => Gates(recurrent.All(), direction * rows * units, gates, units * units));
        if (bias is null) yield break;
        yield return new("bias_ih" + end, [rows], () => Gates(bias.All(), direction * 2 * rows, gates, units));
        yield return new("bias_hh" + end, [rows], () => Gates(bias.All(), ((direction * 2) + 1) * rows, gates, units));
    }

    private static float[] Gates(float[] values, long start, int[] gates, long size)
    {
        var result = new float[gates.Length * size];
        for (var gate = 0; gate < gates.Length; gate++)
            Array.Copy(values, start + (gates[gate] * size), result, gate * size, size);
        return result;
    }

    /// <summary>[T, directions, N, units], or [N, T, directions, units], of the expression [N, T, directions · units].</summary>
    private static Tensor All(Code code, bool isBatchFirst, long length, int directions, long units)
    {
        long[] shape = isBatchFirst ? [Sizes.Batch, length, directions, units] : [length, directions, Sizes.Batch, units];
        var (batch, time, direction) = isBatchFirst ? (0, 1, 2) : (2, 0, 1);
        return directions == 1
            ? new(shape, batch, [time, 3], code)
            : new(shape, batch, [time, direction, 3], Code.Call(code, $"Reshape({length}, {directions}, {units})"));
    }

    private static Tensor Last(Code code, bool isBatchFirst, int directions, long units)
    {
        long[] shape = isBatchFirst ? [Sizes.Batch, directions, units] : [directions, Sizes.Batch, units];
        var (batch, direction) = isBatchFirst ? (0, 1) : (1, 0);
        return directions == 1 ? new(shape, batch, [2], code) : new(shape, batch, [direction, 2], Code.Call(code, $"Reshape({directions}, {units})"));
    }

    /// <summary>The output after the last position of each direction: the second one ends at the first position.</summary>
    private static Code Ends(Code code, long length, int directions, long units) => directions == 1
        ? new Code($"{{0}}[{length - 1}]", Precedence.Primary, code)
        : new Code($"Tensor.Concat({{0}}[{length - 1}].Slice(0, {units}), {{1}}[0].Slice({units}, {units}))", Precedence.Primary, code, code);
}
