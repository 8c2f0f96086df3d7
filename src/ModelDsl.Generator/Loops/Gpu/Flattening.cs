using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// Some axes of a domain run through by one number, the last axis fastest. Neighbouring axes over which every access strides evenly are not taken
/// apart: the innermost of them carries the common index, the others stay 0.
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

    /// <summary>How many numbers there are.</summary>
    public Index Size { get; }

    /// <summary>The innermost axis, or −1 where there is none.</summary>
    public int Innermost => loops.Count == 0 ? -1 : loops[loops.Count - 1].Axis;

    /// <summary>How many numbers run along the innermost axis before the next begins to move.</summary>
    public Index InnermostSize => loops.Count == 0 ? 1 : loops[loops.Count - 1].Size;

    /// <summary>Writes the indices a number stands for.</summary>
    public void Decode(Index number, Index[] indices)
    {
        for (var depth = loops.Count - 1; depth >= 0; depth--)
        {
            // Of a single number nobody has made a variable.
            var size = loops[depth].Size;
            indices[loops[depth].Axis] = size.Literal == 1 ? 0 : depth == 0 ? number : number % size;
            number /= size;
        }
    }

    /// <summary>The same, with a name for each index that is not simply the number.</summary>
    public void Decode(Index number, Index[] indices, List<Statement> statements, Names names, string prefix)
    {
        Decode(number, indices);
        if (loops.Count < 2) return;
        foreach (var loop in loops)
        {
            var index = new IndexVariable(names.Unique($"{prefix}{loop.Axis}"));
            statements.Add(new DeclareIndex(index, indices[loop.Axis]));
            indices[loop.Axis] = index;
        }
    }
}
