using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Scalars;
using Buffer = ModelDsl.Generator.Loops.Buffer;
using Tasks = ModelDsl.Generator.Loops.Range;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>Kernels that are the same but for names become one method; what decides is their loop program without names.</summary>
public class KernelShapeTests
{
    [Fact]
    public void Names_do_not_count()
    {
        Assert.Equal(Of("x", "y"), Of("input", "weight"));
        Assert.Equal(Of("x", "y").GetHashCode(), Of("input", "weight").GetHashCode());
    }

    [Fact]
    public void The_number_of_tasks_does_not_count() => Assert.Equal(Of("x", "y", tasks: 3), Of("x", "y", tasks: 4));

    [Fact]
    public void Everything_else_does()
    {
        var shape = Of("x", "y");
        Assert.All(
            (KernelShape[])[Of("x", "y", width: 32), Of("x", "y", factor: 3), Of("x", "y", op: ScalarOp.Add), Of("x", "y", type: ElementType.Int), Of("x", "y", isInPlace: true)],
            other => Assert.NotEqual(shape, other));
    }

    [Fact]
    public void Two_symbols_with_one_name_are_not_one_symbol()
    {
        var (row, other) = (new IndexVariable("row"), new IndexVariable("row"));
        Assert.NotEqual(Storing(row, row), Storing(row, other));

        static KernelShape Storing(IndexVariable outer, IndexVariable used)
        {
            var buffer = new Buffer("x");
            IReadOnlyList<Statement> store = [new StoreScalar(buffer, used, new Number(0))];
            if (outer != used) store = [new Loop(used, 0, 2, 1, store)];
            return KernelShape.Of(KernelOf([buffer], [new Loop(outer, 0, 2, 1, store)]));
        }
    }

    [Fact]
    public void Functions_of_a_kernel_count_by_what_they_do_and_where_they_are_called()
    {
        Assert.Equal(Calling("Dense1Tile12x32", 0, 1), Calling("Dense2Tile12x32", 0, 1));
        Assert.NotEqual(Calling("Dense1Tile12x32", 0, 1), Calling("Dense1Tile12x32", 1, 0));

        static KernelShape Calling(string name, params int[] order)
        {
            var functions = Enumerable.Range(0, 2).Select(number => new Function(name + number, "", [], [], [])).ToArray();
            var body = order.Select(number => (Statement)new Call(functions[number], [], [])).ToArray();
            return KernelShape.Of(KernelOf([], body, functions));
        }
    }

    private static KernelShape Of(
        string input, string output, int width = 16, double factor = 2, ScalarOp op = ScalarOp.Multiply, ElementType type = ElementType.Float, bool isInPlace = false, int tasks = 8)
    {
        var (from, to, row) = (new Buffer(input, type), new Buffer(output), new IndexVariable(input + "Row"));
        var value = new Operation(op, [new LoadLanes(isInPlace ? to : from, row * width, 16), new Number(factor)]);
        return KernelShape.Of(KernelOf([from, to], [new Loop(row, Tasks.From, Tasks.To, 1, [new StoreLanes(to, row * width, value, 16)])], tasks: tasks));
    }

    private static Kernel KernelOf(IReadOnlyList<Buffer> buffers, IReadOnlyList<Statement> body, IReadOnlyList<Function>? functions = null, int tasks = 8)
    {
        var partition = new Tasks(tasks);
        var main = new Function("Kernel", "", [.. buffers.Select(buffer => new BufferParameter(buffer, true))], [KernelBuilder.BatchSize, .. partition.Bounds], body);
        return new Kernel("Kernel", [], main, functions ?? [], partition);
    }
}
