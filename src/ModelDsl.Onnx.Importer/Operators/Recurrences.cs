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
        var peepholes = layer == "Lstm" && node.Has(7) ? node.Constant(7) : null;
        if (peepholes is not null) CheckShape("P", peepholes, [directions, 3 * units]);

        var needsAll = node.Needs(0);
        var states = layer == "Lstm" ? 2 : 1;
        var isResetFirst = layer == "Gru" && node.Int("linear_before_reset", 0) == 0;
        var hasStates = node.Needs(2) || Enumerable.Range(5, states).Any(state => HasState(node, state));
        if (directions == 2 && !hasStates && !isResetFirst && peepholes is null)
        {
            // The layer has both directions.
            var weights = Enumerable.Range(0, 2).SelectMany(index => Weights(index, weight, recurrent, bias, gates, units));
            var call = $"{layer}({units}, bidirectional: true{(needsAll ? ", returnSequences: true" : "")}{(bias is null ? ", useBias: false" : "")}";
            var both = node.Layer(input.Arranged(isBatchFirst ? 1 : 0, 2).Code, call, [weight, recurrent], weights);
            var length = input.Shape[isBatchFirst ? 1 : 0];
            if (node.Needs(1)) node.Set(1, Last(needsAll ? Ends(both, length, units) : both, isBatchFirst, 2, units));
            if (needsAll) node.Set(0, All(both, isBatchFirst, length, 2, units));
            return;
        }

        // Otherwise each direction is a layer.
        var sequence = new RecurrentSequence(node, input, isBatchFirst, units);
        Direction[] results =
        [
            .. Enumerable.Range(0, directions).Select(index => One(
                sequence, layer, gates, (Part(weight, index), Part(recurrent, index), bias is null ? null : Part(bias, index)), peepholes is null ? null : Part(peepholes, index),
                [.. Enumerable.Range(5, states).Select(state => Initial(node, state, isBatchFirst, units, index, directions))],
                isReversed: direction == "reverse" || index == 1, hasStates, isResetFirst)),
        ];
        if (needsAll) node.Set(0, All(Joined([.. results.Select(result => result.All!)]), isBatchFirst, sequence.Length, directions, units));
        if (node.Needs(1)) node.Set(1, Last(Joined([.. results.Select(result => result.Last)]), isBatchFirst, directions, units));
        if (node.Needs(2)) node.Set(2, Last(Joined([.. results.Select(result => result.Cell!)]), isBatchFirst, directions, units));

        void CheckShape(string name, Constant constant, long[] shape) =>
            node.Check(constant.Shape.SequenceEqual(shape), $"the weight {name} has shape {Sizes.Text(constant.Shape)}, but {Sizes.Text(shape)} is expected for {directions} directions with {units} units.");
    }

    /// <summary>Converts one direction. One from the last position to the first is a recurrence over the reversed sequence.</summary>
    private static Direction One(
        RecurrentSequence sequence, string layer, int[] gates, (Constant Input, Constant State, Constant? Bias) weights, Constant? peepholes, Code?[] initial, bool isReversed, bool hasStates, bool isResetFirst)
    {
        var (node, units, needsAll) = (sequence.Node, sequence.Units, sequence.Node.Needs(0));
        var input = sequence.Read(isReversed);
        if (isResetFirst)
        {
            var steps = ResetFirst.Of(node, input, weights.Input, weights.State, weights.Bias, units, initial[0]);
            return new(needsAll ? sequence.Ordered(steps, isReversed) : null, End(steps), null);
        }

        if (peepholes is not null)
        {
            var both = Peepholes.Of(node, input, weights, peepholes, units, initial);
            return new(needsAll ? sequence.Ordered(Code.Call(both, $"Slice(0, {units}, axis: 1)"), isReversed) : null, Code.Call(End(both), $"Slice(0, {units})"), Code.Call(End(both), $"Slice({units}, {units})"));
        }

        var call = $"{units}{(needsAll ? ", returnSequences: true" : "")}{(weights.Bias is null ? ", useBias: false" : "")}";
        var result = node.Layer(
            [input, .. initial.OfType<Code>()], $"{layer}({(hasStates ? $"{Start(initial, units)}, " : "")}{call}", [weights.Input, weights.State], Weights(0, weights.Input, weights.State, weights.Bias, gates, units));
        if (!hasStates) return new(needsAll ? sequence.Ordered(result, isReversed) : null, needsAll ? End(result) : result, null);
        var final = new Code("{0}.Final", Precedence.Primary, result);
        var (last, cell) = layer == "Lstm" ? (new Code("{0}.Hidden", Precedence.Primary, final), new Code("{0}.Cell", Precedence.Primary, final)) : (final, null);
        return new(needsAll ? sequence.Ordered(new Code("{0}.Output", Precedence.Primary, result), isReversed) : null, last, cell);

        Code End(Code states) => new($"{{0}}[{sequence.Length - 1}]", Precedence.Primary, states);
    }

    /// <summary>Returns the values of one direction.</summary>
    private static Constant Part(Constant constant, int direction)
    {
        if (constant.Shape[0] == 1) return constant;
        long[] shape = [1, .. constant.Shape[1..]];
        var size = (int)Sizes.Product(shape);
        return Constant.Of(shape, () => constant.All()[(direction * size)..((direction + 1) * size)], direction == 0 ? constant.Source : constant.Source + "_reverse", constant.IsTrained);
    }

    private static Code Joined(Code[] codes) => codes.Length == 1 ? codes[0] : new("Tensor.Concat({0}, {1})", Precedence.Primary, codes);

    private static void Check(Node node, string[] activations)
    {
        var given = node.Texts("activations");
        node.Require(given is null || given.Chunk(activations.Length).All(each => each.SequenceEqual(activations)), $"the activations {string.Join(", ", given ?? [])} are not supported; {string.Join(", ", activations)} are.");
        node.Require(!node.HasAttribute("clip"), "clip is not supported.");
        node.Require(node.Int("input_forget", 0) == 0, "input_forget is not supported.");
        node.Require(!node.Has(4) || node.Inputs[4] is Constant, "lengths of sequences that the model computes are not supported.");
        node.Require(!node.Has(4) || node.Constant(4).Uniform == node.Tensor(0).Shape[node.Int("layout", 0) == 1 ? 1 : 0], "sequences of different lengths are not supported.");
    }

    /// <summary>Whether there is an initial state that is not zero.</summary>
    private static bool HasState(Node node, int input) => node.Has(input) && node.Inputs[input] is not Constant { Uniform: 0 };

    /// <summary>Returns a state before the first position of a direction: of each sample, or numbers for all of them. Null if it is zero.</summary>
    private static Code? Initial(Node node, int input, bool isBatchFirst, long units, int direction, int directions)
    {
        if (!HasState(node, input)) return null;
        var (value, batch) = (node.Inputs[input]!, isBatchFirst ? 0 : 1);
        node.Check(value.Rank == 3 && value.Shape[2] == units, $"input {input}, an initial state, has the shape {Sizes.Text(value.Shape)}, which does not fit {units} units.");
        if (value is Tensor tensor)
        {
            node.Require(tensor.BatchAxis == batch && tensor.Shape[1 - batch] == directions, $"the samples are not axis {batch} of input {input}, an initial state, or it does not have {directions} directions.");
            return Movements.Slice(node, tensor, 1 - batch, direction, 1).Arranged(2).Code;
        }

        var constant = (Constant)value;
        var isShared = constant.Count == directions * units;
        node.Require(isShared || constant.Uniform is not null, $"input {input}, an initial state, is a constant of shape {Sizes.Text(constant.Shape)}; one state for all samples is supported.");
        float[] values = isShared ? constant.All()[(int)(direction * units)..(int)((direction + 1) * units)] : [.. Enumerable.Repeat((float)constant.Uniform!, (int)units)];
        return node.Scope.Weight(Constant.Of([units], values, direction == 0 ? constant.Source : constant.Source + "_reverse", constant.IsTrained), node);
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
    private static Code Ends(Code code, long length, long units) =>
        new($"Tensor.Concat({{0}}[{length - 1}].Slice(0, {units}), {{1}}[0].Slice({units}, {units}))", Precedence.Primary, code, code);

    /// <summary>The results of a direction.</summary>
    /// <param name="All">The states after all positions; null if they are not needed.</param>
    /// <param name="Last">The state after the last position.</param>
    /// <param name="Cell">The state of the cells after the last position; null if there is none.</param>
    private sealed record Direction(Code? All, Code Last, Code? Cell);
}
