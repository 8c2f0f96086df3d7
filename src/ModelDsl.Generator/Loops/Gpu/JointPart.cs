namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>A kernel as a function of a joint kernel. It receives the number of the group among those of the part, and its shared memory.</summary>
/// <param name="Function">The function. Its last buffers are the shared memory.</param>
/// <param name="Shared">The shared memory. The key is the kind of element and the number among the allocations of this kind.</param>
internal sealed record JointPart(Function Function, IReadOnlyList<((BufferElement, int) Key, DeclareArray Memory)> Shared)
{
    /// <summary>Converts a kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="remark">What the function computes.</param>
    /// <param name="threads">The number of threads of the joint kernel.</param>
    public static JointPart Of(Kernel kernel, string remark, int threads)
    {
        var group = new IndexVariable(ThreadGroups.Group.Name);
        DeclareArray[] shared = [.. kernel.Main.Body.OfType<DeclareArray>()];
        IReadOnlyList<Statement> body = [.. kernel.Main.Body.Where(statement => statement is not DeclareArray)];
        var own = ((ThreadGroups)kernel.Partition).Threads;
        if (own < threads) body = new IdleThreads(own).Add(body);
        BufferParameter[] buffers = [.. kernel.Main.Buffers, .. shared.Select(memory => new BufferParameter(memory.Buffer, true))];
        var function = new Function(kernel.Name, remark, buffers, [KernelBuilder.BatchSize, group, ThreadGroups.Thread], new GroupNumber(group).Rewrite(body));
        return new(function, [.. shared.Select((memory, i) => ((memory.Buffer.Element, shared.Take(i).Count(before => before.Buffer.Element == memory.Buffer.Element)), memory))]);
    }

    /// <summary>Replaces the number of the group.</summary>
    private sealed class GroupNumber(IndexVariable group) : LoopRewriter
    {
        public override Index Visit(IndexVariable index) => index == ThreadGroups.Group ? group : index;
    }
}
