using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>Kernels as methods: the loops over tiles, and the micro-kernels they call.</summary>
/// <param name="values">How values are written.</param>
/// <param name="depth">How deep the methods stand.</param>
/// <param name="isChecked">Whether the project has arithmetic checked for overflow by default.</param>
internal sealed class KernelWriter(ValueRenderer values, int depth, bool isChecked)
{
    /// <summary>
    /// Full optimisation at the first call: until it is promoted, tiered code would run many times slower. With the sign, the name is the alias's and
    /// nothing else's: without, C# would look for a longer one with a suffix, too.
    /// </summary>
    private const string Optimize = "[@MethodImpl(MethodImplOptions.AggressiveOptimization)]";

    /// <summary>The method that is run, and behind it those that it calls.</summary>
    public IReadOnlyList<CodeWriter> Methods(Kernel kernel) => [Method(kernel.Main), .. kernel.Tiles.Select(Method)];

    private CodeWriter Method(Function function)
    {
        var writer = new CodeWriter(depth);
        var names = new SymbolNames(function, [], ["seed", "number", StatementRenderer.RandomBuffer]);
        values.Begin(names);
        writer.Line(Optimize);
        var parameters = function.Buffers.Select(buffer => $"{(buffer.Buffer.IsInt ? "int" : "float")}* {names[buffer.Buffer]}")
            .Concat(function.Integers.Select(integer => $"int {names[integer]}"))
            .Concat(StatementWriter.RandomParameters(function));
        using (writer.Method($"private static void {function.Name}({string.Join(", ", parameters)})", isChecked))
        {
            if (RandomDraws.In(function.Body, withCalls: false)) writer.Line($"var {StatementRenderer.RandomBuffer} = stackalloc float[DropoutRandom.BlockLength];");
            new StatementRenderer(values, writer, names).Write(function.Body);
        }

        return writer;
    }
}
