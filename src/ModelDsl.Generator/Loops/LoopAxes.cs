using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops;

/// <summary>One loop of a nest: some adjacent axes of a domain run through as one, because every access strides evenly over them.</summary>
/// <param name="Axes">The domain's axes, outermost first.</param>
/// <param name="Size">Number of iterations.</param>
/// <param name="Strides">For each access of the nest: how far one iteration moves.</param>
internal sealed record LoopAxis(IReadOnlyList<int> Axes, Index Size, IReadOnlyList<int> Strides)
{
    public int Axis => Axes[Axes.Count - 1];
}

/// <summary>Turns axes into as few loops as their accesses allow.</summary>
internal static class LoopAxes
{
    /// <summary>Merges each axis with the one inside it where every access would step over both evenly.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="axes">The axes to loop over, outermost first.</param>
    /// <param name="strides">Per access, the strides of the domain's axes.</param>
    /// <param name="mayMerge">Whether two axes may become one at all: not when an index along one of them is asked for.</param>
    public static List<LoopAxis> Merge(
        Shape domain, IEnumerable<int> axes, IReadOnlyList<IReadOnlyList<int>> strides, Func<int, bool>? mayMerge = null)
    {
        var loops = new List<LoopAxis>();
        foreach (var axis in axes)
        {
            var own = new LoopAxis([axis], KernelBuilder.Size(domain[axis]), [.. strides.Select(access => access[axis])]);
            var outer = loops.Count > 0 ? loops[loops.Count - 1] : null;
            var canMerge = outer is not null && !domain[axis].IsBatch && (mayMerge?.Invoke(axis) ?? true) && (mayMerge?.Invoke(outer.Axis) ?? true)
                && own.Strides.Zip(outer.Strides, (inner, outside) => outside == inner * domain[axis].Value).All(even => even);
            if (canMerge) loops[loops.Count - 1] = new LoopAxis([.. outer!.Axes, axis], outer.Size * own.Size, own.Strides);
            else loops.Add(own);
        }

        return loops;
    }
}
