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
        var (directions, units) = (direction == "bidirectional" ? 2 : 1, node.Int("hidden_size", 0));
        var (weight, recurrent) = (node.Constant(1), node.Constant(2));
        var bias = node.Has(3) ? node.Constant(3) : null;
        node.Check(units > 0 && input.Rank == 3, $"the input {Sizes.Text(input.Shape)} does not have 3 axes, or hidden_size is {units}.");
        CheckShape("W", weight, [directions, gates.Length * units, input.Shape[2]]);
        CheckShape("R", recurrent, [directions, gates.Length * units, units]);
        if (bias is not null) CheckShape("B", bias, [directions, 2 * gates.Length * units]);

        // A recurrence from the last position to the first is one in the other direction of the reversed sequence.
        var time = isBatchFirst ? 1 : 0;
        var length = input.Shape[time];
        long[] reversed = [.. Enumerable.Range(0, (int)length).Select(position => length - 1 - position)];
        var sequence = (direction == "reverse" ? Selections.At(node, input, time, reversed) : input).Arranged(time, 2).Code;
        var needsAll = node.Needs(0);
        Code?[] initial = [.. Enumerable.Range(5, layer == "Lstm" ? 2 : 1).Select(state => Initial(node, state, isBatchFirst, units))];
        var hasStates = node.Needs(2) || Array.Exists(initial, state => state is not null);
        node.Require(!hasStates || directions == 1, "initial states that are not zero, and the last state of the cells, are supported for one direction.");
        Code all;
        Code? last = null;
        if (layer == "Gru" && node.Int("linear_before_reset", 0) == 0)
        {
            node.Require(directions == 1, "a reset gate that is applied before the product (linear_before_reset=0) is supported for one direction.");
            all = ResetFirst.Of(node, sequence, weight, recurrent, bias, units, initial[0]);
            needsAll = true;
        }
        else
        {
            var weights = Enumerable.Range(0, directions).SelectMany(index => Weights(index, weight, recurrent, bias, gates, units));
            var call = $"{units}{(directions == 2 ? ", bidirectional: true" : "")}{(needsAll ? ", returnSequences: true" : "")}{(bias is null ? ", useBias: false" : "")}";
            all = node.Layer([sequence, .. initial.OfType<Code>()], $"{layer}({(hasStates ? $"{Start(initial, units)}, " : "")}{call}", [weight, recurrent], weights);
            if (hasStates)
            {
                var final = new Code("{0}.Final", Precedence.Primary, all);
                last = layer == "Lstm" ? new Code("{0}.Hidden", Precedence.Primary, final) : final;
                if (node.Needs(2)) node.Set(2, Last(new Code("{0}.Cell", Precedence.Primary, final), isBatchFirst, directions, units));
                all = new Code("{0}.Output", Precedence.Primary, all);
            }
        }

        if (node.Needs(1)) node.Set(1, Last(last ?? (needsAll ? Ends(all, length, directions, units) : all), isBatchFirst, directions, units));
        if (!node.Needs(0)) return;
        var result = All(all, isBatchFirst, length, directions, units);
        node.Set(0, direction == "reverse" ? Selections.At(node, result, time, reversed) : result);

        void CheckShape(string name, Constant constant, long[] shape) =>
            node.Check(constant.Shape.SequenceEqual(shape), $"the weight {name} has shape {Sizes.Text(constant.Shape)}, but {Sizes.Text(shape)} is expected for {directions} directions with {units} units.");
    }

    private static void Check(Node node, string[] activations)
    {
        var given = node.Texts("activations");
        node.Require(given is null || given.Chunk(activations.Length).All(each => each.SequenceEqual(activations)), $"the activations {string.Join(", ", given ?? [])} are not supported; {string.Join(", ", activations)} are.");
        node.Require(!node.HasAttribute("clip"), "clip is not supported.");
        node.Require(node.Int("input_forget", 0) == 0, "input_forget is not supported.");
        node.Require(!node.Has(4) || node.Inputs[4] is Constant, "lengths of sequences that the model computes are not supported.");
        node.Require(!node.Has(4) || node.Constant(4).Uniform == node.Tensor(0).Shape[node.Int("layout", 0) == 1 ? 1 : 0], "sequences of different lengths are not supported.");
        node.Require(!node.Has(7), "peepholes are not supported.");
    }

    /// <summary>Returns a state before the first position: of each sample, or numbers for all of them. Null if it is zero.</summary>
    private static Code? Initial(Node node, int input, bool isBatchFirst, long units)
    {
        if (!node.Has(input)) return null;
        var (value, batch) = (node.Inputs[input]!, isBatchFirst ? 0 : 1);
        node.Check(value.Rank == 3 && value.Shape[2] == units, $"input {input}, an initial state, has the shape {Sizes.Text(value.Shape)}, which does not fit {units} units.");
        if (value is Tensor tensor)
        {
            node.Require(tensor.BatchAxis == batch && tensor.Shape[1 - batch] == 1, $"the samples are not axis {batch} of input {input}, an initial state, or it has several directions.");
            return tensor.Arranged(2).Code;
        }

        var constant = (Constant)value;
        if (constant.Uniform is 0) return null;
        node.Require(constant.Count == units || constant.Uniform is not null, $"input {input}, an initial state, is a constant of shape {Sizes.Text(constant.Shape)}; one state for all samples is supported.");
        return node.Scope.Weight(constant.Uniform is { } number ? Constant.Of([units], [.. Enumerable.Repeat((float)number, (int)units)], constant.Source) : constant.WithShape([units]), node);
    }

    /// <summary>Returns the argument for the states, whose tensors are operands from 1 on.</summary>
    private static string Start(Code?[] initial, long units)
    {
        var operand = 0;
        string[] states = [.. initial.Select(state => state is null ? $"Tensor.Zeros({units})" : $"{{{++operand}}}")];
        return states.Length == 1 ? states[0] : $"({string.Join(", ", states)})";
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
