using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>Token ids: int [N, T], each below the vocabulary's size.</summary>
internal sealed class TokenInputLayer : SourceLayer
{
    public override string Kind => "TokenInput";

    public override LayerValue? Lower(LayerCall call, LayerScope scope)
    {
        var (length, vocabulary) = (call.Int("length"), call.Int("vocabulary"));
        var valid = scope.Require(length > 0, "length", "positive") & scope.Require(vocabulary > 0, "vocabulary", "positive");
        if (!valid || !scope.Fits("The input", length)) return null;
        var padding = call.Has("padding") ? call.Int("padding") : (int?)null;
        if (!scope.Require(padding is not (< 0) && !(padding >= vocabulary), "padding", $"one of the tokens 0 to {vocabulary - 1}")) return null;
        var buckets = call.Ints("buckets");
        if (buckets.Count > 0 && !AreBuckets(scope, buckets, length)) return null;
        var positions = buckets.Count > 0 ? scope.State.Bucket ?? length : length;
        var column = scope.State.AddColumn(scope.IsTarget, scope.Name, Shape.Batch(positions), ElementType.Int, vocabulary, isSequence: true);
        if (buckets.Count > 0 && !scope.Require(scope.State.AddBuckets(length, buckets.ToEquatableArray(), column.Node.Column, padding), "buckets", "the same for all inputs that have them, with the same length")) return null;
        return new LayerValue(column.Node, IsSequence: true) { Mask = padding is { } token ? PositionMask.Of(column.Node, token) : null };
    }

    /// <summary>Whether lengths are those of buckets; false after reporting.</summary>
    private static bool AreBuckets(LayerScope scope, IReadOnlyList<int> buckets, int length) =>
        scope.Require(buckets.All(bucket => bucket > 0 && bucket < length), "buckets", $"lengths from 1 to {length - 1}, because {length} is the length of all positions")
        && scope.Require(buckets.Zip(buckets.Skip(1), (bucket, next) => bucket < next).All(ascends => ascends), "buckets", "lengths in ascending order");
}
