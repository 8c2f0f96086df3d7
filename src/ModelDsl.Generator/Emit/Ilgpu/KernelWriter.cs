using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Ilgpu;

/// <summary>Kernels as static methods that ILGPU compiles for the device.</summary>
/// <param name="program">The class they are part of.</param>
/// <param name="depth">How deep the methods stand.</param>
/// <param name="isChecked">Whether the project has arithmetic checked for overflow by default.</param>
internal sealed class KernelWriter(string program, int depth, bool isChecked)
{
    /// <summary>Functions of a kernel become part of it: a call would go through memory.</summary>
    private const string Inline = "[@MethodImpl(MethodImplOptions.AggressiveInlining)]";

    /// <summary>The method that is launched, and behind it those that it calls.</summary>
    public IReadOnlyList<CodeWriter> Methods(Kernel kernel) => [Launched(kernel), .. kernel.Tiles.Select(Called)];

    private CodeWriter Launched(Kernel kernel)
    {
        var writer = new CodeWriter(depth);
        using (writer.Method($"private static void {kernel.Name}({string.Join(", ", KernelParameters(kernel.Main))})", isChecked))
        {
            foreach (var buffer in kernel.Main.Buffers.Skip(PackedViews.Direct(kernel.Main)))
            {
                writer.Line($"var {buffer.Name} = {PackedViews.Parameter}.{PackedViews.Field(buffer)};");
            }

            writer.Line($"var {ThreadGroups.Group} = Grid.IdxX;");
            writer.Line($"var {ThreadGroups.Thread} = Group.IdxX;");
            new StatementRenderer(writer).Write(kernel.Main.Body);
        }

        return writer;
    }

    private CodeWriter Called(Function function)
    {
        var writer = new CodeWriter(depth);
        writer.Line(Inline);
        using (writer.Method($"private static void {function.Name}({string.Join(", ", Parameters(function))})", isChecked)) new StatementRenderer(writer).Write(function.Body);
        return writer;
    }

    /// <summary>The types of a kernel's parameters, in order.</summary>
    public IEnumerable<string> ParameterTypes(Function kernel) => KernelParameters(kernel).Select(parameter => parameter.Split(' ')[0]);

    /// <summary>Writes the structure for the views that are no arguments of their own.</summary>
    public void WriteViews(CodeWriter writer, Function kernel)
    {
        var packed = kernel.Buffers.Skip(PackedViews.Direct(kernel)).ToArray();
        if (packed.Length == 0) return;
        writer.Line();
        writer.Summary([$"Views of {program}.{kernel.Name} beyond the arguments a launch takes."]);
        writer.Line("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
        using (writer.Block($"public struct {PackedViews.StructOf(program, kernel)}"))
        {
            foreach (var buffer in packed) writer.Line($"public {ViewType(buffer)} {PackedViews.Field(buffer)};");
        }
    }

    private IEnumerable<string> KernelParameters(Function kernel)
    {
        var direct = PackedViews.Direct(kernel);
        var rest = direct == kernel.Buffers.Count ? Array.Empty<string>() : [$"{PackedViews.StructOf(program, kernel)} {PackedViews.Parameter}"];
        var parameters = Parameters(kernel).ToArray();
        return [.. parameters.Take(direct), .. rest, .. parameters.Skip(kernel.Buffers.Count)];
    }

    private static string ViewType(BufferParameter buffer) => buffer.Type == ElementType.Int ? "ArrayView<int>" : "ArrayView<float>";

    private static IEnumerable<string> Parameters(Function function) =>
        function.Buffers.Select(buffer => $"{ViewType(buffer)} {buffer.Name}")
            .Concat(function.Integers.Select(integer => $"int {integer}"))
            .Concat(StatementWriter.RandomParameters(function))
            .Concat(function.Numbers.Select(number => $"float {number}"));
}
