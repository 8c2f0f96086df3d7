using ModelDsl.Compiled;
using ModelDsl.Devices;
using ModelDsl.Distributed;

namespace ModelDsl.Optimizers;

/// <summary>Divides parameters into contiguous segments with the same weight decay.</summary>
/// <param name="weightDecay">The weight decay of parameters whose layers do not set their own.</param>
/// <param name="isPerTensor">Whether each parameter is a segment of its own.</param>
/// <param name="shard">The part that a rank of a group updates; null for all.</param>
internal sealed class Segmentation(double weightDecay, bool isPerTensor, OptimizerShard? shard = null)
{
    /// <summary>Whether a parameter of a part is trainable.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="part">The name of the part; empty for the whole model.</param>
    public static bool IsUpdated(ParameterDescription parameter, string part) => parameter.Trainable && ModelPart.Contains(part, parameter.Name);

    /// <summary>Returns the segments of all trainable parameters of a part.</summary>
    /// <param name="model">The model.</param>
    /// <param name="part">The name of the part; empty for the whole model.</param>
    public UpdateSegment[] Segments(ModelDescription model, string part) =>
        Segments(model, Enumerable.Range(0, model.Parameters.Length).Where(i => IsUpdated(model.Parameters[i], part)));

    /// <summary>Returns the segments of some parameters.</summary>
    /// <param name="model">The model.</param>
    /// <param name="parameters">The indices of the parameters, in ascending order.</param>
    public UpdateSegment[] Segments(ModelDescription model, IEnumerable<int> parameters) => shard is null ? Whole(model, parameters) : shard.Restrict(Whole(model, parameters));

    /// <summary>Returns the segments of some parameters, also those that other ranks update.</summary>
    /// <param name="model">The model.</param>
    /// <param name="parameters">The indices of the parameters, in ascending order.</param>
    public UpdateSegment[] Whole(ModelDescription model, IEnumerable<int> parameters)
    {
        var segments = new List<UpdateSegment>();
        var before = -1;
        foreach (var i in parameters)
        {
            var parameter = model.Parameters[i];
            var decay = double.IsNaN(parameter.WeightDecay) ? weightDecay : parameter.WeightDecay;
            if (parameter.SparseIds >= 0)
                segments.Add(new UpdateSegment(parameter.Offset, parameter.Layout.Floats, decay) { SparseParameter = i, FirstParameter = i });
            else if (!isPerTensor && before == i - 1 && segments is [.., { SparseParameter: < 0 } last] && last.WeightDecay == decay)
                segments[^1] = last with { Length = parameter.Offset + parameter.Layout.Floats - last.Start };
            else
                segments.Add(new UpdateSegment(parameter.Offset, parameter.Layout.Floats, decay) { FirstParameter = i });
            before = i;
        }

        return [.. segments];
    }

    /// <summary>Returns the contiguous ranges of some parameters.</summary>
    /// <param name="model">The model.</param>
    /// <param name="parameters">The indices of the parameters, in ascending order.</param>
    public static IEnumerable<(int Start, int Length)> Ranges(ModelDescription model, IEnumerable<int> parameters)
    {
        var (start, end, before) = (0, 0, int.MinValue);
        foreach (var i in parameters)
        {
            var parameter = model.Parameters[i];
            if (before != i - 1)
            {
                if (end > start)
                    yield return (start, end - start);
                start = parameter.Offset;
            }

            (end, before) = (parameter.Offset + parameter.Layout.Floats, i);
        }

        if (end > start)
            yield return (start, end - start);
    }
}
