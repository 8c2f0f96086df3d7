using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Ilgpu;

/// <summary>Writes kernels as static methods that ILGPU compiles for the device.</summary>
/// <param name="program">The class that contains them.</param>
/// <param name="depth">The indentation level of the methods.</param>
/// <param name="isChecked">Whether the project checks arithmetic for overflow by default.</param>
internal sealed class KernelWriter(string program, int depth, bool isChecked)
{
    /// <summary>The attribute of functions. They are inlined into kernels, because a call would pass arguments through memory.</summary>
    private const string Inline = "[@MethodImpl(MethodImplOptions.AggressiveInlining)]";

    /// <summary>The method that is launched, followed by those that it calls.</summary>
    public IReadOnlyList<CodeWriter> Methods(Kernel kernel) => [Launched(kernel), .. kernel.Tiles.Select(Called)];

    private CodeWriter Launched(Kernel kernel)
    {
        var writer = new CodeWriter(depth);
        var names = NamesOf(kernel.Main, isLaunched: true);
        using (writer.Method($"private static void {kernel.Name}({string.Join(", ", KernelParameters(kernel.Main, names))})", isChecked))
        {
            foreach (var buffer in kernel.Main.Buffers.Skip(PackedViews.Direct(kernel.Main)))
            {
                writer.Line($"var {names[buffer.Buffer]} = {PackedViews.Parameter}.{PackedViews.Field(buffer)};");
            }

            writer.Line($"var {names[ThreadGroups.Group]} = Grid.IdxX;");
            writer.Line($"var {names[ThreadGroups.Thread]} = Group.IdxX;");
            new StatementRenderer(writer, names).Write(kernel.Main.Body);
        }

        return writer;
    }

    private CodeWriter Called(Function function)
    {
        var writer = new CodeWriter(depth);
        var names = NamesOf(function, isLaunched: false);
        writer.Line(Inline);
        using (writer.Method($"private static void {function.Name}({string.Join(", ", Parameters(function, names))})", isChecked))
        {
            new StatementRenderer(writer, names).Write(function.Body);
        }

        return writer;
    }

    /// <summary>The types of a kernel's parameters, in order.</summary>
    public IEnumerable<string> ParameterTypes(Function kernel) => KernelParameters(kernel, NamesOf(kernel, isLaunched: true)).Select(parameter => parameter.Split(' ')[0]);

    /// <summary>Writes the structure for the views that are not separate arguments.</summary>
    public void WriteViews(CodeWriter writer, Function kernel)
    {
        var packed = kernel.Buffers.Skip(PackedViews.Direct(kernel)).ToArray();
        if (packed.Length == 0) return;
        writer.Line();
        writer.Summary([$"Views of {program}.{kernel.Name} beyond the arguments a launch takes."]);
        writer.Line("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
        using (writer.Block($"public struct {PackedViews.StructOf(program, kernel)} : IKernelViews"))
        {
            foreach (var buffer in packed) writer.Line($"public {ViewType(buffer)} {PackedViews.Field(buffer)};");
            writer.Line();
            using (writer.Block("readonly void IKernelViews.AddTo(KernelArguments arguments)"))
            {
                foreach (var buffer in packed) writer.Line($"arguments.View({PackedViews.Field(buffer)});");
            }
        }
    }

    private IEnumerable<string> KernelParameters(Function kernel, SymbolNames names)
    {
        var direct = PackedViews.Direct(kernel);
        var rest = direct == kernel.Buffers.Count ? Array.Empty<string>() : [$"{PackedViews.StructOf(program, kernel)} {PackedViews.Parameter}"];
        var parameters = Parameters(kernel, names).ToArray();
        return [.. parameters.Take(direct), .. rest, .. parameters.Skip(kernel.Buffers.Count)];
    }

    private static SymbolNames NamesOf(Function function, bool isLaunched) =>
        new(function, isLaunched ? [ThreadGroups.Group, ThreadGroups.Thread] : [], ["seed", "number", PackedViews.Parameter], printerOf: nameOf => new IndexRenderer(nameOf));

    private static string ViewType(BufferParameter buffer) => buffer.Buffer.Element switch
    {
        BufferElement.Int => "ArrayView<int>",
        BufferElement.Quad => "ArrayView<Quad>",
        _ => "ArrayView<float>",
    };

    private static IEnumerable<string> Parameters(Function function, SymbolNames names) =>
        function.Buffers.Select(buffer => $"{ViewType(buffer)} {names[buffer.Buffer]}")
            .Concat(function.Integers.Select(integer => $"int {names[integer]}"))
            .Concat(StatementWriter.RandomParameters(function))
            .Concat(function.Numbers.Select(number => $"float {names[number]}"));
}
