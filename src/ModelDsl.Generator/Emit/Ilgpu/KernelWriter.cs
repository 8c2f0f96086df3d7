using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Ilgpu;

/// <summary>Kernels as static methods that ILGPU compiles for the device.</summary>
/// <param name="program">The class they are part of.</param>
/// <param name="writer">Where they are written.</param>
internal sealed class KernelWriter(string program, CodeWriter writer)
{
    /// <summary>Functions of a kernel become part of it: a call would go through memory.</summary>
    private const string Inline = "[MethodImpl(MethodImplOptions.AggressiveInlining)]";

    public void Write(Kernel kernel, IReadOnlyList<string> alsoFor)
    {
        writer.Line();
        writer.Summary(kernel.Formula);
        if (alsoFor.Count > 0) writer.Line($"/// <remarks>Also run for {CodeWriter.Escape(string.Join(", ", alsoFor))}.</remarks>");
        using (writer.Block($"private static void {kernel.Name}({string.Join(", ", KernelParameters(kernel.Main))})"))
        {
            foreach (var buffer in kernel.Main.Buffers.Skip(PackedViews.Direct(kernel.Main)))
            {
                writer.Line($"var {buffer.Name} = {PackedViews.Parameter}.{PackedViews.Field(buffer)};");
            }

            writer.Line($"var {ThreadGroups.Group} = Grid.IdxX;");
            writer.Line($"var {ThreadGroups.Thread} = Group.IdxX;");
            Write(kernel.Main.Body);
        }

        foreach (var function in kernel.Tiles)
        {
            writer.Line();
            writer.Summary([function.Remark]);
            writer.Line(Inline);
            using (writer.Block($"private static void {function.Name}({string.Join(", ", Parameters(function))})")) Write(function.Body);
        }
    }

    /// <summary>The types of a kernel's parameters, in order.</summary>
    public IEnumerable<string> ParameterTypes(Function kernel) => KernelParameters(kernel).Select(parameter => parameter.Split(' ')[0]);

    /// <summary>Writes the structure for the views that are no arguments of their own.</summary>
    public void WriteViews(Function kernel)
    {
        var packed = kernel.Buffers.Skip(PackedViews.Direct(kernel)).ToArray();
        if (packed.Length == 0) return;
        writer.Line();
        writer.Summary([$"Views of {program}.{kernel.Name} beyond the arguments a launch takes."]);
        writer.Line("[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]");
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
            .Concat(function.IsRandom ? ["ulong seed", "uint number"] : Array.Empty<string>())
            .Concat(function.Numbers.Select(number => $"float {number}"));

    private void Write(IReadOnlyList<Statement> statements)
    {
        foreach (var statement in statements) Write(statement);
    }

    private void Write(Statement statement)
    {
        switch (statement)
        {
            case Declare declare:
                writer.Line($"{(declare.Value is LoadScalar ? "float" : "var")} {declare.Name} = {ValueRenderer.Render(declare.Value)};");
                break;
            case Assign { Value: Operation { Op: Scalars.ScalarOp.Add } sum } assign when sum.Args[0] is Variable variable && variable.Name == assign.Name:
                writer.Line($"{assign.Name} += {ValueRenderer.Render(sum.Args[1])};");
                break;
            case Assign assign:
                writer.Line($"{assign.Name} = {ValueRenderer.Render(assign.Value)};");
                break;
            case StoreScalar store:
                writer.Line($"{store.Buffer}[{store.Offset}] = {ValueRenderer.Render(store.Value)};");
                break;
            case DeclareIndex index:
                writer.Line($"var {index.Name} = {index.Value};");
                break;
            case LoadIndex load:
                writer.Line($"var {load.Name} = {load.Buffer}[{load.Offset}];");
                break;
            case Loop loop:
                var step = loop.Step.Literal == 1 ? $"{loop.Variable}++" : $"{loop.Variable} += {loop.Step}";
                using (writer.Block($"for (var {loop.Variable} = {loop.From}; {loop.Variable} < {loop.To}; {step})")) Write(loop.Body);
                break;
            case Guard guard:
                using (writer.Block($"if ({ValueRenderer.Render(guard.Conditions)})")) Write(guard.Body);
                break;
            case Call call:
                var arguments = call.Cursors.Select(cursor => cursor.Buffer).Concat(call.Integers.Select(index => index.ToString()))
                    .Concat(call.Function.IsRandom ? ["seed", "number"] : Array.Empty<string>()).Concat(call.Numbers.Select(ValueRenderer.Render));
                writer.Line($"{call.Function.Name}({string.Join(", ", arguments)});");
                break;
            case Remark remark:
                writer.Line("// " + remark.Text);
                break;
            default:
                WriteShared(statement);
                break;
        }
    }

    private void WriteShared(Statement statement)
    {
        switch (statement)
        {
            case SharedMemory memory:
                writer.Line($"var {memory.Name} = SharedMemory.Allocate<{(memory.IsQuads ? "Quad" : "float")}>({memory.Length});");
                break;
            case GroupBarrier:
                writer.Line("Group.Barrier();");
                break;
            case LoadQuad load:
                writer.Line($"var {load.Name} = {load.Buffer}[{load.Offset}];");
                break;
            case StoreQuad store:
                writer.Line($"{store.Buffer}[{store.Offset}] = new Quad(");
                for (var i = 0; i < store.Values.Count; i++)
                {
                    writer.Line($"    {ValueRenderer.Render(store.Values[i])}{(i < store.Values.Count - 1 ? "," : ");")}");
                }

                break;
            case CombineThreads combine:
                writer.Line(
                    $"var {combine.Name} = Threads.{combine.Op}({combine.Shared}, {ThreadGroups.Thread}, {ValueRenderer.Render(combine.Value)}, "
                    + $"{combine.Threads}, {combine.Width});");
                break;
            default:
                throw new InvalidOperationException($"{statement.GetType().Name} cannot be written.");
        }
    }
}
