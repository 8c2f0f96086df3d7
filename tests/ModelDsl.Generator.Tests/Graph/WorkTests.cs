using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Graph;

/// <summary>Work is what is computed: terms beyond an edge are not.</summary>
public class WorkTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(4, "padding", "Same")]
    [InlineData(5, "padding", "Same", "stride", 2)]
    [InlineData(6, "paddingSize", 1, "stride", 2)]
    [InlineData(7, "paddingSize", 3, "dilation", 2)]
    [InlineData(7, "padding", "Same", "dilation", 3, "stride", 2)]
    [InlineData(6, "groups", 2, "paddingSize", 2)]
    public void Counts_the_terms_of_windows_that_exist(int size, params object[] arguments)
    {
        var more = arguments.Chunk(2).Select(pair => ((string)pair[0], pair[1]));
        var model = new SpecBuilder().Input(size, size, 2).Layer("Conv2D", [("filters", 4), ("kernel", 3), .. more])
            .Layer("MaxPool2D", ("window", 2), ("stride", 1), ("paddingSize", 1)).Layer("Flatten").Dense(2).Layer("MeanSquaredError").Lower();
        var sums = ModelCompiler.Differentiate(model).Nodes.Where(node => node is ContractNode or ReduceNode { Op: ReduceOp.Sum }).ToArray();
        Assert.True(sums.OfType<ContractNode>().Count() >= 4);
        Assert.All(sums, node => Assert.Equal(Terms(node) * PerTerm(node), node.Flops));
    }

    private static long PerTerm(Node node) => node is ReduceNode reduce ? Work.Operations(reduce.Body) + 1 : 2;

    /// <summary>As many terms as the interpreter adds up where each is 1.</summary>
    private static long Terms(Node node)
    {
        var ones = node.Operands.Select((operand, column) => operand with { Node = new InputNode("ones", operand.Node.Shape, ElementType.Float, column, 0) }).ToArray();
        var same = node is ReduceNode reduce
            ? new ReduceNode(node.Name, node.Shape, ReduceOp.Sum, node.Domain, reduce.Output, Expressions.One, ones)
            : node.With(ones);
        var interpreter = new GraphInterpreter(1);
        for (var column = 0; column < ones.Length; column++) interpreter.Columns[column] = [.. Enumerable.Repeat(1.0, (int)Work.Elements(ones[column].Node.Shape))];
        return (long)interpreter.Run(same).Sum();
    }
}
