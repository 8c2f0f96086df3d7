using System.Globalization;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Recompute;

namespace ModelDsl.Generator.Buckets;

/// <summary>
/// Lowers a model again for each bucket of its input: the same layers, with fewer positions and the same parameters. The results are compared with those for all positions, so that
/// a sample has the same result in every bucket that holds it.
/// </summary>
/// <param name="spec">The model.</param>
/// <param name="training">The state of its lowering for training.</param>
/// <param name="lower">Lowers the model with a state; null after reporting.</param>
/// <param name="cancellation">Checked after each layer.</param>
internal sealed class BucketLowering(ModelSpec spec, LoweringState training, Func<LoweringState, Lowered?> lower, CancellationToken cancellation)
{
    /// <summary>The training graphs of a model for prediction only.</summary>
    private static readonly Lowered Untrained = new([], Lowered.NoLoss);

    /// <summary>The graphs of all buckets in ascending order; empty after a problem was found.</summary>
    /// <param name="train">The training graphs for all positions; empty for a model for prediction only.</param>
    /// <param name="infer">The inference graph for all positions.</param>
    /// <param name="problems">Receives the problem.</param>
    public IReadOnlyList<LoweredBucket> Lower(IReadOnlyList<LossGraph> train, ModelGraph infer, ICollection<Problem> problems)
    {
        var buckets = new List<LoweredBucket>();
        var padded = new PaddedTerms(column => training.Buckets!.Paddings.TryGetValue(column.Column, out var token) ? token : null);
        foreach (var length in training.Buckets!.Lengths)
        {
            var state = new LoweringState(spec, training: true, cancellation, training) { Bucket = length };
            var inference = new LoweringState(spec, training: false, cancellation, training) { Bucket = length };
            if ((spec.IsPredictionOnly ? Untrained : lower(state)) is not { } trained || lower(inference) is not { } inferred)
            {
                problems.Add(Unfit(state.Problems.Concat(inference.Problems).FirstOrDefault(), length));
                return [];
            }

            var differences = train.Zip(trained.Losses, (whole, bucket) => BucketCheck.Find(RecomputedBlock.WithoutMarks(whole.Graph), RecomputedBlock.WithoutMarks(bucket.Graph), padded)).Append(BucketCheck.Find(infer, inferred.Losses[0].Graph, padded));
            if (differences.FirstOrDefault(difference => difference is not null) is { } difference)
            {
                problems.Add(Unequal(difference));
                return [];
            }

            buckets.Add(new(length, trained.Losses, inferred.Losses[0].Graph));
        }

        return buckets;
    }

    private Problem Unfit(Problem? problem, int length)
    {
        if (problem?.Id == Descriptors.BucketShape.Id) return problem;
        var (site, reason) = problem is null ? (Site.OfType(spec.Type.Key), "it cannot be computed")
            : (problem.Site, string.Format(CultureInfo.InvariantCulture, Descriptors.Find(problem.Id).MessageFormat.ToString(CultureInfo.InvariantCulture), [.. problem.Arguments]));
        return Problem.At(Descriptors.BucketShape.Id, site, spec.Type.Name, Number(length), reason);
    }

    private Problem Unequal(BucketDifference difference)
    {
        var maker = training.MakerOf(difference.Node) ?? new Maker(spec.Type.Name, "", Site.OfType(spec.Type.Key));
        return Problem.At(Descriptors.BucketPadding.Id, maker.Site, maker.Name, difference.Reason);
    }

    /// <summary>A number as it stands in messages.</summary>
    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The graphs of a bucket, before differentiation.</summary>
/// <param name="Length">The number of positions.</param>
/// <param name="Losses">The losses with their training graphs.</param>
/// <param name="Infer">The inference graph.</param>
internal sealed record LoweredBucket(int Length, IReadOnlyList<LossGraph> Losses, ModelGraph Infer);

/// <summary>The buckets of a model's inputs.</summary>
/// <param name="Length">The number of positions of a sample.</param>
/// <param name="Lengths">The numbers of positions of its buckets, in ascending order; all are smaller.</param>
internal sealed record InputBuckets(int Length, Common.EquatableArray<int> Lengths)
{
    /// <summary>The columns with these buckets.</summary>
    public List<int> Columns { get; } = [];

    /// <summary>The tokens of padding of those columns that have one.</summary>
    public Dictionary<int, int> Paddings { get; } = [];
}
