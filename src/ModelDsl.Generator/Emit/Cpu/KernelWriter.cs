using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>Writes kernels as methods: the loops over tiles, and the micro-kernels that they call.</summary>
/// <param name="notation">The notation of vectors.</param>
/// <param name="depth">The indentation level of the methods.</param>
/// <param name="isChecked">Whether the project checks arithmetic for overflow by default.</param>
/// <param name="sharesTiles">Whether kernels call tiles that several of them share.</param>
internal sealed class KernelWriter(VectorNotation notation, int depth, bool isChecked, bool sharesTiles)
{
    /// <summary>
    /// The attribute for full optimization at the first call: tiered code would be many times slower until it is promoted. With <c>@</c> the name refers to the alias only.
    /// Without it, C# would also look for a name with the suffix.
    /// </summary>
    private const string Optimize = "[@MethodImpl(MethodImplOptions.AggressiveOptimization)]";

    /// <summary>The parameter of a kernel that computes its share of the work itself.</summary>
    private const string Worker = "worker";

    private static readonly string[] Reserved = ["seed", "number", Worker, StatementRenderer.RandomBuffer];

    private readonly ValueRenderer values = new(notation, sharesTiles);

    /// <summary>A kernel that receives its share of the work, or a function that a kernel calls.</summary>
    /// <param name="function">The function.</param>
    /// <param name="access">The access modifier of the method.</param>
    public CodeWriter Method(Function function, string access = "private")
    {
        var (writer, names) = Begin(function);
        var header = $"{access} static void {function.Name}({string.Join(", ", Parameters(function, names, function.Integers.Select(integer => $"int {names[integer]}")))})";
        using (writer.Method(header, isChecked)) Body(writer, function, names);
        return writer;
    }

    /// <summary>A function with sizes as variables, as a method with a type parameter for the sizes.</summary>
    /// <param name="template">The function.</param>
    /// <param name="name">The name of the method.</param>
    /// <param name="epilogue">The interface of the epilogue, which a second type parameter provides; null if there is none.</param>
    public CodeWriter Method(FunctionTemplate template, string name, string? epilogue)
    {
        var function = template.Function;
        var (writer, names) = Begin(function, [.. SizeNames(template)]);
        var parameters = string.Join(", ", Parameters(function, names, function.Integers.Select(integer => $"int {names[integer]}")));
        var types = epilogue is null ? TileSizesText.TypeParameter : $"{TileSizesText.TypeParameter}, {Epilogues.TypeParameter}";
        writer.Line($"private static void {name}<{types}>({parameters})");
        if (epilogue is not null) writer.Line($"    where {Epilogues.TypeParameter} : struct, {epilogue}");
        using (writer.Method($"    where {TileSizesText.TypeParameter} : struct, {TileSizesText.Interface}", isChecked)) Body(writer, function, names);
        return writer;
    }

    /// <summary>A function of an epilogue with sizes as variables, as a method with a type parameter for the sizes.</summary>
    /// <param name="epilogue">The epilogue.</param>
    /// <param name="template">The function. It is inlined if its number is a vector of sums.</param>
    public CodeWriter Method(Epilogue epilogue, FunctionTemplate template)
    {
        var writer = new CodeWriter(depth + 1);
        var function = template.Function;
        var buffers = epilogue.Parameters.Where(parameter => parameter.Buffer is not null).Select(parameter => ((ISymbol)parameter.Buffer!, parameter.Buffer!.IsInt ? $"((int*){parameter.Name})" : parameter.Name));
        var names = Names(function, [.. buffers, .. SizeNames(template)]);
        values.Begin(names);
        writer.Line(function.Numbers.Count > 0 ? "[@MethodImpl(MethodImplOptions.AggressiveInlining)]" : Optimize);
        using (writer.Method($"public static void {Signature(epilogue, function)}", isChecked)) Body(writer, function, names);
        return writer;
    }

    /// <summary>The name and the parameters of a function of an epilogue.</summary>
    public string Signature(Epilogue epilogue, Function function)
    {
        var parameters = function.Numbers.Select(number => $"{notation.Type} {number.Name}").Concat(epilogue.Parameters.Select(parameter => $"float* {parameter.Name}")).Concat(function.Integers.Select(integer => $"int {integer.Name}"));
        return $"{function.Name}<{TileSizesText.TypeParameter}>({string.Join(", ", parameters)}) where {TileSizesText.TypeParameter} : struct, {TileSizesText.Interface}";
    }

    private static IEnumerable<(ISymbol Symbol, string Expression)> SizeNames(FunctionTemplate template) =>
        template.Sizes.Select(size => ((ISymbol)size.Variable, $"{TileSizesText.TypeParameter}.{size.Variable.Name}"));

    /// <summary>
    /// A kernel that overrides a method of the program for all widths. The share of a worker depends on the tiles and therefore on the width, so the kernel receives the worker.
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

    /// <summary>The name and the parameters of a kernel that each width implements.</summary>
    public static string Signature(Kernel kernel) => Signature(kernel, Names(kernel.Main));

    /// <summary>The first task of a worker.</summary>
    public static string From(Loops.Range range) => Bound("From", range);

    /// <summary>The end of the tasks of a worker, exclusive.</summary>
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
                $"var ({string.Join(", ", bounds)}) = {Worker}.Grid({SymbolNames.OfStep(grid.Rows)}, {grid.RowAlignment}, {SymbolNames.OfStep(grid.Panels)}{(grid.PanelRows is { } rows ? $", {rows}" : "")});");
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
