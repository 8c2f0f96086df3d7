using ModelDsl.Generator.Graph;
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
    private const string WorkerParameter = "Worker worker";

    private static readonly string[] GridBounds = ["rowFrom", "rowTo", "panelFrom", "panelTo"];
    private static readonly string[] RangeBounds = ["from", "to"];

    private readonly ValueRenderer values = new(notation);

    /// <summary>A kernel that is given its share of the work.</summary>
    public CodeWriter Method(Function function)
    {
        var writer = Begin();
        using (writer.Method($"private static void {function.Name}({string.Join(", ", Parameters(function, function.Integers.Select(integer => $"int {integer}")))})", isChecked))
        {
            Body(writer, function);
        }

        return writer;
    }

    /// <summary>
    /// A kernel that overrides a method of the program for all widths, and behind it those that it calls. What a worker's share is depends on the tiles and so on the
    /// width: the kernel is given the worker.
    /// </summary>
    public IReadOnlyList<CodeWriter> Overrides(Kernel kernel)
    {
        var writer = Begin();
        using (writer.Method($"protected override void {Signature(kernel)}", isChecked))
        {
            Share(writer, kernel.Partition);
            Body(writer, kernel.Main);
        }

        return [writer, .. kernel.Tiles.Select(Method)];
    }

    /// <summary>The name and the parameters of a kernel that each width has its own of.</summary>
    public static string Signature(Kernel kernel)
    {
        var function = kernel.Main;
        var streams = function.Integers.Except(GridBounds).Except(RangeBounds).Where(integer => integer != KernelBuilder.BatchSize);
        return $"{function.Name}({string.Join(", ", Parameters(function, [$"int {KernelBuilder.BatchSize}", WorkerParameter, .. streams.Select(stream => $"int {stream}")]))})";
    }

    private static IEnumerable<string> Parameters(Function function, IEnumerable<string> integers) =>
        function.Buffers.Select(buffer => $"{(buffer.Type == ElementType.Int ? "int" : "float")}* {buffer.Name}")
            .Concat(integers)
            .Concat(StatementWriter.RandomParameters(function));

    private static void Share(CodeWriter writer, Partition partition)
    {
        if (partition is Grid grid)
        {
            writer.Line($"var ({string.Join(", ", GridBounds)}) = worker.Grid({grid.Rows}, {grid.RowGranule}, {grid.Panels});");
            return;
        }

        var range = (Loops.Range)partition;
        writer.Line($"var from = {From(range)};");
        writer.Line($"var to = {To(range)};");
    }

    /// <summary>The first task of a worker.</summary>
    public static string From(Loops.Range range) => $"worker.From({range.Count}{Granule(range)})";

    /// <summary>One past the last task of a worker.</summary>
    public static string To(Loops.Range range) => $"worker.To({range.Count}{Granule(range)})";

    private static string Granule(Loops.Range range) => range.Granule == 1 ? "" : $", {range.Granule}";

    private CodeWriter Begin()
    {
        var writer = new CodeWriter(depth);
        values.Begin();
        writer.Line(Optimize);
        return writer;
    }

    private void Body(CodeWriter writer, Function function)
    {
        if (DrawsItself(function.Body)) writer.Line($"var {StatementRenderer.RandomBuffer} = stackalloc float[DropoutRandom.BlockLength];");
        new StatementRenderer(values, writer).Write(function.Body);
    }

    private static bool DrawsItself(IEnumerable<Statement> body) => body.Any(statement => statement switch
    {
        Declare { Value: RandomLanes } => true,
        Loop loop => DrawsItself(loop.Body),
        If choice => DrawsItself(choice.Then) || DrawsItself(choice.Else),
        _ => false,
    });
}
