using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// Some axes of a domain as one number, in which the last axis varies fastest. Adjacent axes with even strides in every access are not separated: the innermost of them has the
/// common index, and the index of the others is 0.
/// </summary>
internal sealed class Flattening
{
    private readonly List<LoopAxis> loops;

    public Flattening(Shape domain, IEnumerable<int> axes, IReadOnlyList<ElementAccess> accesses, Func<int, bool>? isSeparate = null)
    {
        var panels = accesses.Select(access => access.PanelAxis).Where(axis => axis >= 0).ToArray();
        loops = LoopAxes.Merge(domain, axes, [.. accesses.Select(access => access.Strides)], axis => isSeparate?.Invoke(axis) != true && !panels.Contains(axis));
        Size = loops.Aggregate((Index)1, (size, loop) => size * loop.Size);
    }

    /// <summary>The number of indices.</summary>
    public Index Size { get; }

    /// <summary>The innermost axis, or −1 if there is none.</summary>
    public int Innermost => loops.Count == 0 ? -1 : loops[loops.Count - 1].Axis;

    /// <summary>The number of indices along the innermost axis.</summary>
    public Index InnermostSize => loops.Count == 0 ? 1 : loops[loops.Count - 1].Size;

    /// <summary>Computes the indices of axes from a number.</summary>
    public void Decode(Index number, Index[] indices) => Find(number, indices, 1);

    /// <summary>The same, with a name for each index that differs from the number.</summary>
    /// <param name="number">The number, or if <paramref name="width"/> is not 1, the number of the group of adjacent numbers.</param>
    /// <param name="indices">The indices of the number, or of the first of the adjacent numbers.</param>
    /// <param name="statements">The list to which declarations are added.</param>
    /// <param name="names">The names of the scope.</param>
    /// <param name="prefix">The prefix of the names.</param>
    /// <param name="width">The number of adjacent numbers, a divisor of <see cref="InnermostSize"/>.</param>
    public void Decode(Index number, Index[] indices, List<Statement> statements, Names names, string prefix, int width = 1)
    {
        Find(number, indices, width);
        foreach (var loop in loops.Count < 2 ? [] : loops)
        {
            var index = new IndexVariable(names.Unique($"{prefix}{loop.Axis}"));
            statements.Add(new DeclareIndex(index, indices[loop.Axis]));
            indices[loop.Axis] = index;
        }

        if (Innermost >= 0) indices[Innermost] *= width;
    }

    private void Find(Index number, Index[] indices, int width)
    {
        for (var depth = loops.Count - 1; depth >= 0; depth--)
        {
            // A number that is always 0 may have no variable.
            var size = width > 1 && depth == loops.Count - 1 ? loops[depth].Size.DividedBy(width)! : loops[depth].Size;
            indices[loops[depth].Axis] = size.Literal == 1 ? 0 : depth == 0 ? number : number % size;
            number /= size;
        }
    }
}
