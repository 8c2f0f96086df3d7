namespace ModelDsl.Generator.Loops;

/// <summary>
/// A function with sizes as variables: strides and extents that are literals in a function. Functions that differ only in sizes have templates of the same shape. A target that
/// can instantiate a method for given sizes writes the method once.
/// </summary>
/// <param name="Function">The function, which uses the variables of <paramref name="Sizes"/>.</param>
/// <param name="Sizes">The sizes it refers to, in the order in which they appear.</param>
internal sealed record FunctionTemplate(Function Function, IReadOnlyList<FunctionSize> Sizes)
{
    /// <summary>The functions that it calls and that differ between instances; null if there are none.</summary>
    public Epilogue? Epilogue { get; init; }

    /// <summary>The sizes that it or its epilogue refers to.</summary>
    public IEnumerable<FunctionSize> AllSizes => Epilogue is null ? Sizes : Sizes.Concat(Epilogue.Sizes).Distinct();

    /// <summary>Returns the function with its sizes replaced by literals.</summary>
    /// <param name="function">A function with sizes as variables.</param>
    /// <param name="sizes">The sizes that it may refer to.</param>
    public static Function Instantiate(Function function, IEnumerable<FunctionSize> sizes)
    {
        var instantiation = new Instantiation(sizes);
        var body = instantiation.Rewrite(function.Body);
        return function with { Body = body, Template = new FunctionTemplate(function, instantiation.Used) };
    }

    /// <summary>The template of a function with sizes as variables.</summary>
    /// <inheritdoc cref="Instantiate"/>
    public static FunctionTemplate Of(Function function, IEnumerable<FunctionSize> sizes) => Instantiate(function, sizes).Template!;

    /// <summary>The key that equal templates share.</summary>
    public (KernelShape Shape, string Sizes, string Epilogue) Key =>
        (KernelShape.Of(new Kernel("", [], Function, [], new Range(1))), string.Join(" ", Sizes.Select(size => size.Variable.Name)), string.Join(" ", Epilogue?.Parameters.Select(parameter => parameter.Name) ?? []));

    private sealed class Instantiation(IEnumerable<FunctionSize> sizes) : LoopRewriter
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
/// <param name="Variable">The variable of the template.</param>
/// <param name="Value">The value in an instance.</param>
internal sealed record FunctionSize(IndexVariable Variable, int Value);
