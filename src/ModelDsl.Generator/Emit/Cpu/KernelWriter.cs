using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>Kernels as methods: the loops over tiles, and the micro-kernels they call.</summary>
/// <param name="notation">How vectors are written.</param>
/// <param name="depth">How deep the methods stand.</param>
/// <param name="isChecked">Whether the project has arithmetic checked for overflow by default.</param>
internal sealed class KernelWriter(VectorNotation notation, int depth, bool isChecked)
{
    /// <summary>
    /// Full optimisation at the first call: until it is promoted, tiered code would run many times slower. With the sign, the name is the alias's and
    /// nothing else's: without, C# would look for a longer one with a suffix, too.
    /// </summary>
    private const string Optimize = "[@MethodImpl(MethodImplOptions.AggressiveOptimization)]";

    /// <summary>The parameter of a kernel that computes its share of the work itself.</summary>
    private const string Worker = "worker";

    private static readonly string[] Reserved = ["seed", "number", Worker, StatementRenderer.RandomBuffer];

    private readonly ValueRenderer values = new(notation);

    /// <summary>A kernel that is given its share of the work, or a function that one calls.</summary>
    public CodeWriter Method(Function function)
    {
        var (writer, names) = Begin(function);
        var header = $"private static void {function.Name}({string.Join(", ", Parameters(function, names, function.Integers.Select(integer => $"int {names[integer]}")))})";
        using (writer.Method(header, isChecked)) Body(writer, function, names);
        return writer;
    }

    /// <summary>A function over sizes, as a method with a type parameter that gives them.</summary>
    /// <param name="template">The function.</param>
    /// <param name="name">The name of the method.</param>
    /// <param name="epilogue">The interface of the epilogue, which a second type parameter gives; null where there is none.</param>
    public CodeWriter Method(FunctionTemplate template, string name, string? epilogue)
    {
        var function = template.Function;
        var (writer, names) = Begin(function, [.. template.Sizes.Select(size => ((ISymbol)size.Variable, $"{TileSizesText.TypeParameter}.{size.Variable.Name}"))]);
        var parameters = string.Join(", ", Parameters(function, names, function.Integers.Select(integer => $"int {names[integer]}")));
        var types = epilogue is null ? TileSizesText.TypeParameter : $"{TileSizesText.TypeParameter}, {Epilogues.TypeParameter}";
        writer.Line($"private static void {name}<{types}>({parameters})");
        if (epilogue is not null) writer.Line($"    where {Epilogues.TypeParameter} : struct, {epilogue}");
        using (writer.Method($"    where {TileSizesText.TypeParameter} : struct, {TileSizesText.Interface}", isChecked)) Body(writer, function, names);
        return writer;
    }

    /// <summary>A function on the lanes of a vector, to be inlined where it is called.</summary>
    public CodeWriter Epilogue(Function function)
    {
        var writer = new CodeWriter(depth + 1);
        var names = Names(function);
        values.Begin(names);
        writer.Line("[@MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (writer.Method($"public static void {function.Name}({Signature(function, withNames: true)})", isChecked)) Body(writer, function, names);
        return writer;
    }

    /// <summary>The parameters of a function on the lanes of a vector.</summary>
    /// <param name="function">The function.</param>
    /// <param name="withNames">Whether with its own names, or with those that all functions of the signature have.</param>
    public string Signature(Function function, bool withNames)
    {
        var names = Names(function);
        var parameters = new List<string> { $"{notation.Type} sum" };
        for (var i = 0; i < function.Buffers.Count; i++)
        {
            var buffer = function.Buffers[i].Buffer;
            parameters.Add($"{(buffer.IsInt ? "int" : "float")}* {(withNames ? names[buffer] : $"buffer{i}")}");
        }

        return string.Join(", ", [.. parameters, .. function.Integers.Select(integer => $"int {names[integer]}")]);
    }

    /// <summary>
    /// A kernel that overrides a method of the program for all widths. What a worker's share is depends on the tiles and so on the
    /// width: the kernel is given the worker.
    /// </summary>
    public CodeWriter Override(Kernel kernel)
    {
        var (writer, names) = Begin(kernel.Main);
        using (writer.Method($"protected override void {Signature(kernel, names)}", isChecked))
        {
            Share(writer, kernel.Partition, names);
            Body(writer, kernel.Main, names);
        }

        return writer;
    }

    /// <summary>The name and the parameters of a kernel that each width has its own of.</summary>
    public static string Signature(Kernel kernel) => Signature(kernel, Names(kernel.Main));

    /// <summary>The first task of a worker.</summary>
    public static string From(Loops.Range range) => Bound("From", range);

    /// <summary>The task behind the last of a worker.</summary>
    public static string To(Loops.Range range) => Bound("To", range);

    private static string Bound(string bound, Loops.Range range) =>
        $"{Worker}.{bound}({SymbolNames.OfStep(range.Count)}{(range.Alignment == 1 ? "" : $", {range.Alignment}")})";

    private static string Signature(Kernel kernel, SymbolNames names)
    {
        var integers = kernel.Main.Integers.Except(kernel.Partition.Bounds).Select(integer => $"int {names[integer]}").ToList();
        integers.Insert(1, $"Worker {Worker}");
        return $"{kernel.Name}({string.Join(", ", Parameters(kernel.Main, names, integers))})";
    }

    private static IEnumerable<string> Parameters(Function function, SymbolNames names, IEnumerable<string> integers) =>
        function.Buffers.Select(buffer => $"{(buffer.Buffer.IsInt ? "int" : "float")}* {names[buffer.Buffer]}")
            .Concat(integers)
            .Concat(StatementWriter.RandomParameters(function));

    private static void Share(CodeWriter writer, Partition partition, SymbolNames names)
    {
        var bounds = partition.Bounds.Select(bound => names[bound]).ToArray();
        if (partition is Grid grid)
        {
            writer.Line(
                $"var ({string.Join(", ", bounds)}) = {Worker}.Grid({SymbolNames.OfStep(grid.Rows)}, {grid.RowAlignment}, {SymbolNames.OfStep(grid.Panels)});");
            return;
        }

        var range = (Loops.Range)partition;
        writer.Line($"var {bounds[0]} = {From(range)};");
        writer.Line($"var {bounds[1]} = {To(range)};");
    }

    private static SymbolNames Names(Function function, IEnumerable<(ISymbol Symbol, string Expression)>? expressions = null) => new(function, [], Reserved, expressions);

    private (CodeWriter Writer, SymbolNames Names) Begin(Function function, IReadOnlyList<(ISymbol Symbol, string Expression)>? expressions = null)
    {
        var writer = new CodeWriter(depth);
        var names = Names(function, expressions);
        values.Begin(names);
        writer.Line(Optimize);
        return (writer, names);
    }

    private void Body(CodeWriter writer, Function function, SymbolNames names)
    {
        if (RandomDraws.In(function.Body, withCalls: false)) writer.Line($"var {StatementRenderer.RandomBuffer} = stackalloc float[DropoutRandom.BlockLength];");
        new StatementRenderer(values, writer, names).Write(function.Body);
    }
}
