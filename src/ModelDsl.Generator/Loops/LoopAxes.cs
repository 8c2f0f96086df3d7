using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops;

/// <summary>One loop over one or more adjacent axes of a domain. Axes share a loop if every access has an even stride over them.</summary>
/// <param name="Axes">The domain's axes, outermost first.</param>
/// <param name="Size">The number of iterations.</param>
/// <param name="Strides">The distance between two iterations, for each access.</param>
internal sealed record LoopAxis(IReadOnlyList<int> Axes, Index Size, IReadOnlyList<int> Strides)
{
    public int Axis => Axes[Axes.Count - 1];
}

/// <summary>Merges axes into as few loops as their accesses allow.</summary>
internal static class LoopAxes
{
    /// <summary>Merges each axis with the next inner axis if every access has an even stride over both.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="axes">The axes to loop over, outermost first.</param>
    /// <param name="strides">For each access, the strides of the axes of the domain.</param>
    /// <param name="mayMerge">Whether an axis may share a loop. It may not if the index along the axis is used.</param>
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
