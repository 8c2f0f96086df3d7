using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>The trainable scale and bias along the last axis at the end of every normalization.</summary>
internal static class Affine
{
    public static LayerValue? Lower(LayerScope scope, LayerValue normal, bool useScale, bool useBias)
    {
        var (body, reads) = (Input(0), new List<Operand> { Operand.Whole(normal.Node) });
        if (useScale)
        {
            if (scope.Parameter("weight", Initializers.Ones, normal.Width) is not { } weight) return null;
            FlattenedPicture.Note(scope.State, normal, weight);
            body = Multiply(body, Input(reads.Count));
            reads.Add(Operand.Trailing(weight, normal.Shape.Rank));
        }

        if (useBias)
        {
            if (scope.Parameter("bias", Initializers.Zeros, normal.Width) is not { } bias) return null;
            FlattenedPicture.Note(scope.State, normal, bias);
            body = Add(body, Input(reads.Count));
            reads.Add(Operand.Trailing(bias, normal.Shape.Rank));
        }

        return reads.Count == 1 ? normal : normal with { Node = GraphBuilder.Map(scope.NodeName, normal.Shape, body, [.. reads]) };
    }
}
