using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// (x − mean) / √(variance + ε) · weight + bias per channel, over the batch and all positions (Ioffe and Szegedy, 2015). In training, mean and variance
/// are those of the batch. In inference they are the running values, and all operations that do not depend on x are combined into one factor and one summand per channel.
/// </summary>
internal sealed class BatchNormLayer : Layer
{
    public override string Kind => "BatchNorm";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        var (epsilon, momentum) = (call.Number("epsilon", 1e-5), call.Number("momentum", 0.1));
        var valid = scope.Require(epsilon > 0, "epsilon", "positive") & scope.Require(momentum is >= 0 and <= 1, "momentum", "from 0 to 1");
        if (!valid) return null;
        var channels = input.Width;
        ParameterNode? weight = null, bias = null;
        if (call.Flag("useScale", true) && (weight = scope.Parameter("weight", Initializers.Ones, channels)) is null) return null;
        if (call.Flag("useBias", true) && (bias = scope.Parameter("bias", Initializers.Zeros, channels)) is null) return null;
        if (scope.StateOf("running_mean", Initializers.Zeros, channels) is not { } runningMean) return null;
        if (scope.StateOf("running_var", Initializers.Ones, channels) is not { } runningVariance) return null;
        FlattenedPicture.Note(scope.State, input, weight, bias, runningMean, runningVariance);
        var node = scope.Training && !scope.IsFrozen
            ? Train(scope, input, epsilon, momentum, (weight, bias), (runningMean, runningVariance))
            : Infer(scope.NodeName, input.Node, epsilon, (weight, bias), (runningMean, runningVariance));
        return input with { Node = node };
    }

    private static Node Train(
        LayerScope scope, LayerValue input, double epsilon, double momentum, (Node? Weight, Node? Bias) affine, (StateNode Mean, StateNode Variance) running)
    {
        var (x, name) = (input.Node, scope.NodeName);
        var rank = x.Shape.Rank;
        var moments = Moments.Of(name, x, rank - 1);
        scope.Update(running.Mean, known => Move(known, moments.Mean));
        scope.Update(running.Variance, known => Move(known, moments.UnbiasedVariance()));
        if (x.Shape.Length == input.Width) scope.State.NeedsTwoSamples ??= scope.Path;

        // x − mean is computed first; otherwise the rounding errors of large common values would remain in the difference.
        var factor = Scaled(name, moments.Scale(epsilon), affine.Weight);
        var body = Multiply(Subtract(Input(0), Input(1)), Input(2));
        Operand[] operands = [Operand.Whole(x), moments.Read(moments.Mean), moments.Read(factor)];
        return affine.Bias is null
            ? GraphBuilder.Map(name, x.Shape, body, operands)
            : GraphBuilder.Map(name, x.Shape, Add(body, Input(3)), [.. operands, moments.Read(affine.Bias)]);

        Node Move(Node known, Node batch) => GraphBuilder.Pointwise(
            name + "Running", Add(Multiply(Input(0), Const(1 - momentum)), Multiply(Input(1), Const(momentum))), known, batch);
    }

    private static Node Infer(string name, Node x, double epsilon, (Node? Weight, Node? Bias) affine, (StateNode Mean, StateNode Variance) running)
    {
        var scale = GraphBuilder.Pointwise(name + "Scale", Divide(One, Sqrt(Add(Input(0), Const(epsilon)))), running.Variance);
        var factor = Scaled(name, scale, affine.Weight);
        var shift = affine.Bias is null
            ? GraphBuilder.Pointwise(name + "Shift", Negate(Multiply(Input(0), Input(1))), running.Mean, factor)
            : GraphBuilder.Pointwise(name + "Shift", Subtract(Input(2), Multiply(Input(0), Input(1))), running.Mean, factor, affine.Bias);
        var rank = x.Shape.Rank;
        return GraphBuilder.Map(
            name, x.Shape, Add(Multiply(Input(0), Input(1)), Input(2)), Operand.Whole(x), Operand.Trailing(factor, rank), Operand.Trailing(shift, rank));
    }

    private static Node Scaled(string name, Node scale, Node? weight) =>
        weight is null ? scale : GraphBuilder.Pointwise(name + "Factor", Multiply(Input(0), Input(1)), scale, weight);
}
