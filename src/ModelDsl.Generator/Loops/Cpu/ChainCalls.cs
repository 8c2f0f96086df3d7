using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>Converts the kernels of the block of a chained group to functions of one kernel, and writes the calls of them.</summary>
/// <param name="kernel">The calling kernel.</param>
/// <param name="block">The block.</param>
/// <param name="lead">The indices of the matrix, one for each axis that numbers matrices.</param>
/// <param name="prefix">The prefix of the names of the functions.</param>
internal sealed class ChainCalls(KernelBuilder kernel, ChainBlock block, IReadOnlyList<IndexVariable> lead, string prefix)
{
    private readonly Names names = new();
    private readonly List<Function> functions = [];

    /// <summary>The worker's own memory.</summary>
    public Storage Own { get; set; } = null!;

    /// <summary>The functions that are called. Each comes after those that it calls itself.</summary>
    public IReadOnlyList<Function> Functions => functions;

    /// <summary>Writes the call of a kernel of the block.</summary>
    /// <param name="launch">The kernel and the buffers of the block.</param>
    /// <param name="argument">The argument for an integer parameter.</param>
    /// <param name="isOfBlock">Whether it computes values of a block, and not of the whole matrix.</param>
    public Call Of(Launch launch, Func<IndexVariable, Index> argument, bool isOfBlock)
    {
        var inner = KernelNames.Renamed(launch.Kernel, prefix + Names.Pascal(names.Unique(WordsOf(launch.Kernel.Name))));
        functions.AddRange(inner.Tiles);
        var (function, integers) = Told(inner);
        functions.Add(function);
        var streams = inner.Main.Integers.Skip(inner.Main.Integers.Count - launch.Streams.Count).ToList();
        var buffers = launch.Buffers.Zip(function.Buffers, (storage, parameter) => At(block.ViewOf(storage), parameter.Written, isOfBlock)).ToArray();
        return new Call(function, buffers, [.. integers.Select(integer => streams.IndexOf(integer) is >= 0 and var stream ? kernel.Stream(launch.Streams[stream]) : argument(integer))]);
    }

    /// <summary>The part of a name that differs from the prefix, from the start of a word.</summary>
    private string WordsOf(string name)
    {
        var length = 0;
        while (length < Math.Min(name.Length, prefix.Length) && name[length] == prefix[length]) length++;
        length = Math.Min(length, name.Length - 1);
        while (length > 0 && !char.IsUpper(name[length])) length--;
        return name.Substring(length);
    }

    /// <summary>Converts a kernel to a function that receives the bounds of its share and other integers as arguments. Returns the function and the integers.</summary>
    private static (Function Function, IReadOnlyList<IndexVariable> Integers) Told(Kernel inner)
    {
        // The calling kernel has bounds with the same names.
        var own = inner.Partition.Bounds.ToDictionary(bound => bound, bound => new IndexVariable(bound.Name));
        var body = new VariableReplacement(own).Rewrite(inner.Main.Body);
        IndexVariable[] integers = [.. inner.Main.Integers, .. ChainStep.Integers.Where(integer => IntegerUses.In(body, integer))];
        var function = inner.Main with { Remark = inner.Formula[0], Integers = [.. integers.Select(integer => own.TryGetValue(integer, out var bound) ? bound : integer)], Body = body };
        return (function, integers);
    }

    private (Buffer Buffer, Index Offset) At(BlockView view, bool isWritten, bool isOfBlock)
    {
        var whole = view.Whole ?? Own;
        var offset = isOfBlock ? (ChainStep.FirstRow * view.Row) + (ChainStep.FirstColumn * view.Column) : 0;
        for (var axis = 0; axis < view.Lead.Count; axis++) offset += lead[axis] * view.Lead[axis];
        return (isWritten ? kernel.Write(whole) : kernel.Read(whole), offset + view.Base);
    }

    private sealed class VariableReplacement(Dictionary<IndexVariable, IndexVariable> own) : LoopRewriter
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
