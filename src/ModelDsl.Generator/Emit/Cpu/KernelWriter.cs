using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>Kernels as methods: the micro-kernels first called, then the loops that call them.</summary>
internal sealed class KernelWriter(ValueRenderer values, CodeWriter writer)
{
    /// <summary>Full optimisation at the first call: until it is promoted, tiered code would run many times slower.</summary>
    private const string Optimize = "[MethodImpl(MethodImplOptions.AggressiveOptimization)]";

    public void Write(Kernel kernel, IReadOnlyList<string> alsoFor)
    {
        StatementWriter.Describe(writer, kernel, alsoFor);
        WriteMethod(kernel.Main);
        foreach (var tile in kernel.Tiles)
        {
            writer.Line();
            writer.Summary([tile.Remark]);
            WriteMethod(tile);
        }
    }

    private void WriteMethod(Function function)
    {
        values.Begin();
        writer.Line(Optimize);
        var parameters = function.Buffers.Select(buffer => $"{(buffer.Type == ElementType.Int ? "int" : "float")}* {buffer.Name}")
            .Concat(function.Integers.Select(integer => $"int {integer}"))
            .Concat(StatementWriter.RandomParameters(function));
        using (writer.Block($"private static void {function.Name}({string.Join(", ", parameters)})"))
        {
            if (DrawsItself(function.Body)) writer.Line($"var {StatementRenderer.RandomBuffer} = stackalloc float[DropoutRandom.BlockLength];");
            new StatementRenderer(values, writer).Write(function.Body);
        }
    }

    private static bool DrawsItself(IEnumerable<Statement> body) => body.Any(statement => statement switch
    {
        Declare { Value: RandomLanes } => true,
        Loop loop => DrawsItself(loop.Body),
        If choice => DrawsItself(choice.Then) || DrawsItself(choice.Else),
        _ => false,
    });
}
