using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>The kernels of a chained group's block as functions of one kernel, and the calls of them.</summary>
/// <param name="kernel">The kernel that calls.</param>
/// <param name="block">The block.</param>
/// <param name="lead">The indices of the matrix, one for each axis that numbers matrices.</param>
/// <param name="prefix">What the names of the functions begin with.</param>
internal sealed class ChainCalls(KernelBuilder kernel, ChainBlock block, IReadOnlyList<IndexVariable> lead, string prefix)
{
    private readonly Names names = new();
    private readonly List<Function> functions = [];

    /// <summary>The worker's own memory.</summary>
    public Storage Own { get; set; } = null!;

    /// <summary>The functions that are called, each behind those that it calls itself.</summary>
    public IReadOnlyList<Function> Functions => functions;

    /// <summary>The call of a kernel of the block.</summary>
    /// <param name="launch">The kernel, and the buffers of the block that it is run on.</param>
    /// <param name="argument">What it is told for an integer.</param>
    /// <param name="firstRow">The first row of what it computes.</param>
    public Call Of(Launch launch, Func<IndexVariable, Index> argument, Index firstRow)
    {
        var inner = KernelNames.Renamed(launch.Kernel, prefix + Names.Pascal(names.Unique(WordsOf(launch.Kernel.Name))));
        functions.AddRange(inner.Tiles);
        var (function, integers) = Told(inner);
        functions.Add(function);
        var streams = inner.Main.Integers.Skip(inner.Main.Integers.Count - launch.Streams.Count).ToList();
        var buffers = launch.Buffers.Zip(function.Buffers, (storage, parameter) => At(block.ViewOf(storage), parameter.Written, firstRow)).ToArray();
        return new Call(function, buffers, [.. integers.Select(integer => streams.IndexOf(integer) is >= 0 and var stream ? kernel.Stream(launch.Streams[stream]) : argument(integer))]);
    }

    /// <summary>The words of a name with which it does not begin like the others of the chain.</summary>
    private string WordsOf(string name)
    {
        var length = 0;
        while (length < Math.Min(name.Length, prefix.Length) && name[length] == prefix[length]) length++;
        length = Math.Min(length, name.Length - 1);
        while (length > 0 && !char.IsUpper(name[length])) length--;
        return name.Substring(length);
    }

    /// <summary>A kernel as a function that is told its share and what else it refers to, and what it is told.</summary>
    private static (Function Function, IReadOnlyList<IndexVariable> Integers) Told(Kernel inner)
    {
        // The calling kernel has a share of its own, in variables of the same names.
        var own = inner.Partition.Bounds.ToDictionary(bound => bound, bound => new IndexVariable(bound.Name));
        var body = new Substitution(own).Rewrite(inner.Main.Body);
        IndexVariable[] integers = [.. inner.Main.Integers, .. ChainStep.Integers.Where(integer => IntegerUses.In(body, integer))];
        var function = inner.Main with { Remark = inner.Formula[0], Integers = [.. integers.Select(integer => own.TryGetValue(integer, out var bound) ? bound : integer)], Body = body };
        return (function, integers);
    }

    private (Buffer Buffer, Index Offset) At(BlockView view, bool isWritten, Index firstRow)
    {
        var whole = view.Whole ?? Own;
        var offset = firstRow * view.Row;
        for (var axis = 0; axis < view.Lead.Count; axis++) offset += lead[axis] * view.Lead[axis];
        return (isWritten ? kernel.Write(whole) : kernel.Read(whole), offset + view.Base);
    }

    private sealed class Substitution(Dictionary<IndexVariable, IndexVariable> own) : LoopRewriter
    {
        public override Index Visit(IndexVariable index) => own.TryGetValue(index, out var other) ? other : index;
    }

    /// <summary>Whether statements refer to an integer.</summary>
    private sealed class IntegerUses(IndexVariable integer) : LoopWalker
    {
        private bool isFound;

        public static bool In(IReadOnlyList<Statement> body, IndexVariable integer)
        {
            var uses = new IntegerUses(integer);
            uses.Walk(body);
            return uses.isFound;
        }

        protected override void Uses(ISymbol symbol) => isFound |= ReferenceEquals(symbol, integer);
    }
}
