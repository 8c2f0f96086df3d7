namespace ModelDsl.Generator.Loops;

/// <summary>
/// A function over sizes: strides and extents that are literals of the function are variables in it. Functions that differ in sizes alone have templates of one shape,
/// and a target that can instantiate a method for given sizes writes them once.
/// </summary>
/// <param name="Function">The function, with the variables of <paramref name="Sizes"/> known to it.</param>
/// <param name="Sizes">The sizes it refers to, in the order in which they appear.</param>
internal sealed record FunctionTemplate(Function Function, IReadOnlyList<FunctionSize> Sizes)
{
    /// <summary>A function that it calls and that differs from instance to instance; null where there is none.</summary>
    public Function? Epilogue { get; init; }

    /// <summary>Whether the epilogue is called for whole vectors from memory and not register by register.</summary>
    public bool IsEpilogueOnVectors { get; init; }

    /// <summary>The function with literals for its sizes.</summary>
    /// <param name="function">A function over sizes.</param>
    /// <param name="sizes">Sizes it may refer to.</param>
    public static Function Instantiate(Function function, IEnumerable<FunctionSize> sizes)
    {
        var literals = new Literals(sizes);
        var body = literals.Rewrite(function.Body);
        return function with { Body = body, Template = new FunctionTemplate(function, literals.Used) };
    }

    /// <summary>What equal templates have in common.</summary>
    public (KernelShape Shape, string Sizes) Key =>
        (KernelShape.Of(new Kernel("", [], Function, [], new Range(1))), $"{(Epilogue is null ? "" : IsEpilogueOnVectors ? "vectors " : "registers ")}{string.Join(" ", Sizes.Select(size => size.Variable.Name))}");

    private sealed class Literals(IEnumerable<FunctionSize> sizes) : LoopRewriter
    {
        private readonly Dictionary<IndexVariable, FunctionSize> known = sizes.ToDictionary(size => size.Variable);
        private readonly HashSet<IndexVariable> met = [];

        public List<FunctionSize> Used { get; } = [];

        public override Index Visit(IndexVariable index)
        {
            if (!known.TryGetValue(index, out var size)) return index;
            if (met.Add(index)) Used.Add(size);
            return size.Value;
        }
    }
}

/// <summary>A size of a function template.</summary>
/// <param name="Variable">How the template refers to it.</param>
/// <param name="Value">Its value in a function.</param>
internal sealed record FunctionSize(IndexVariable Variable, int Value);
