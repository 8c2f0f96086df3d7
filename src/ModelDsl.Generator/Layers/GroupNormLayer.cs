using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>(x − mean) / √(variance + ε) · weight + bias, where mean and variance are those of a group of a sample's channels (Wu and He, 2018).</summary>
internal sealed class GroupNormLayer : Layer
{
    public override string Kind => "GroupNorm";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        var (groups, epsilon) = (call.Int("groups"), call.Number("epsilon", 1e-5));
        if (!(scope.Require(groups > 0, "groups", "positive") & scope.Require(epsilon > 0, "epsilon", "positive"))) return null;
        var (channels, positions) = (input.Width, input.Shape.Length / input.Width);
        if (channels % groups != 0)
        {
            var nearest = Divisors(channels).OrderBy(divisor => Math.Abs(divisor - groups)).First().ToString(LayerNames.Invariant);
            var repair = Repair.Write(call.SiteOf("groups"), nearest, $"Make it {nearest} groups");
            return scope.ArgumentNotAccepted("groups", $"channels in {groups} equal groups", $"{Listed(Divisors(channels))} groups would do", repair);
        }

        if (positions * channels == groups) return scope.ArgumentNotAccepted("groups", "more than one value per group", "did you mean fewer groups?");

        // [N, positions, groups, channels of a group], without axes of one element.
        var affine = groups == 1 || groups == channels ? new[] { channels } : [groups, channels / groups];
        int[] sample = positions == 1 ? affine : [positions, .. affine];
        var view = GraphBuilder.Reshape(scope.NodeName, Shape.Batch(sample), input.Node);
        var groupAxis = 1 + sample.Length - affine.Length;
        var moments = Moments.Of(scope.NodeName, view, groups == 1 ? [0] : [0, groupAxis]);
        var body = Multiply(Subtract(Input(0), Input(1)), Input(2));
        var operands = new List<Operand> { Operand.Whole(view), moments.Read(moments.Mean), moments.Read(moments.Scale(epsilon)) };
        if (call.Flag("useScale", true))
        {
            if (scope.Parameter("weight", Initializers.Ones, channels) is not { } weight) return null;
            body = Multiply(body, Input(operands.Count));
            operands.Add(Of(weight));
        }

        if (call.Flag("useBias", true))
        {
            if (scope.Parameter("bias", Initializers.Zeros, channels) is not { } bias) return null;
            body = Add(body, Input(operands.Count));
            operands.Add(Of(bias));
        }

        var normal = GraphBuilder.Map(scope.NodeName, view.Shape, body, [.. operands]);
        return input with { Node = GraphBuilder.Reshape(scope.NodeName, input.Shape, normal) };

        Operand Of(ParameterNode parameter) => Operand.Trailing(
            GraphBuilder.Reshape(parameter.Name, Shape.Of([.. affine.Select(size => (Extent)size)]), parameter), view.Shape.Rank);
    }

    private static IEnumerable<int> Divisors(int number) => Enumerable.Range(1, number).Where(candidate => number % candidate == 0);

    private static string Listed(IEnumerable<int> numbers)
    {
        var texts = numbers.Select(number => number.ToString(LayerNames.Invariant)).ToArray();
        return texts.Length == 1 ? texts[0] : $"{string.Join(", ", texts.Take(texts.Length - 1))} or {texts[texts.Length - 1]}";
    }
}
