using ModelDsl.Compiled;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Emit;

/// <summary>The inference graph is written as data if a project references a package that reads it, and changes nothing else.</summary>
public class GraphFileTests
{
    private const string Net = """
        namespace Company;
        [Model, TokenInput(4, 9, Padding = 0), Embedding(6), Lstm(4, ReturnSequences = true, Bidirectional = true), RotaryEmbedding, SelfAttention(2, Causal = true, Rope = true), Flatten, Dense(3), SoftmaxCrossEntropy]
        public partial class Net;
        [Model, Input(6, 6, 2), Conv2D(4, 3), BatchNorm, Relu, MaxPool2D(2), Output("maps"), Flatten, Dense(3), SoftmaxCrossEntropy]
        public partial class Pictures;
        """;

    /// <summary>What the compiler looks for in a reference to a package that reads graphs.</summary>
    private const string Marker = "namespace ModelDsl { public class OnnxExportOptions; }";

    [Fact]
    public void Without_the_package_there_is_no_graph()
    {
        var generation = Generation.Of(Net);
        Assert.All(generation.Files, file => Assert.DoesNotContain("GraphDescription", file.Value, StringComparison.Ordinal));
        Assert.Null(Describe(generation, "Company.Net").Graph);
    }

    [Fact]
    public void With_the_package_there_is_one_file_more_and_two_lines_that_name_its_graphs()
    {
        var without = Generation.Of(Net).Files;
        var with = Generation.Of(Net, Marker).Files;
        Assert.Equal(["Company.Net.Graph.g.cs", "Company.Pictures.Graph.g.cs"], with.Keys.Except(without.Keys).Order());
        Assert.All(without, file =>
        {
            var more = with[file.Key].Split('\n').Except(file.Value.Split('\n')).ToArray();
            Assert.Equal(file.Key is "Company.Net.g.cs" or "Company.Pictures.g.cs" ? 2 : 0, more.Length);
            Assert.All(more, line => Assert.Matches(@"^\s*(Graph = global::.*Graph\.Create|TrainingGraphs = \[global::.*\]),$", line));
        });
    }

    [Theory]
    [InlineData("Company.Net", new[] { "Output:output", "OutputActivation:output" })]
    [InlineData("Company.Pictures", new[] { "Output:output", "OutputActivation:output", "Named:maps" })]
    public void The_description_has_the_nodes_and_the_outputs_of_the_graph(string name, string[] outputs)
    {
        var description = Describe(Generation.Of(Net, Marker), name);
        var graph = description.Graph!();
        Assert.Equal(outputs, graph.Outputs.Select(output => $"{output.Kind}:{output.Name}"));
        Check(graph);
        var tensors = description.Parameters.Concat(description.States).ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);
        var read = graph.Nodes.Where(node => node.Kind is GraphNodeKind.Parameter or GraphNodeKind.State).ToArray();
        Assert.NotEmpty(read);
        Assert.All(read, node => Assert.Equal(tensors[node.Name], node.Shape));
        Assert.All(graph.Nodes.Where(node => node.Kind == GraphNodeKind.Constant && node.Number >= 0), node => Assert.Equal(description.Constants[node.Number].Shape, node.Shape));
    }

    /// <summary>Operands come before their readers, maps have a coordinate for each axis, and expressions read what exists.</summary>
    private static void Check(GraphDescription graph)
    {
        for (var number = 0; number < graph.Nodes.Length; number++)
        {
            var node = graph.Nodes[number];
            Assert.All(node.Operands, operand =>
            {
                Assert.InRange(operand.Node, 0, number - 1);
                if (operand.Map is { } map) Assert.Equal(graph.Nodes[operand.Node].Shape.Length, map.Length);
            });
            for (var index = 0; index < node.Body.Length; index++)
            {
                var scalar = node.Body[index];
                var bound = scalar.Operation switch
                {
                    GraphScalarOperation.Input => node.Operands.Length,
                    GraphScalarOperation.Index => node.Domain.Length,
                    _ => index,
                };
                Assert.All(scalar.Arguments, argument => Assert.InRange(argument, 0, bound - 1));
            }

            if (node.Loop is { } loop) Check(loop.Body);
        }
    }

    [Fact]
    public void Every_operation_of_the_compiler_has_one_in_the_description()
    {
        Assert.Equal(Enum.GetNames<ScalarOp>(), Enum.GetNames<GraphScalarOperation>().Except(["Input", "Constant", "Index"]));
        Assert.Equal(Enum.GetNames<ReduceOp>(), Enum.GetNames<GraphReduction>());
        Assert.Equal(Enum.GetNames<ScanResultKind>(), Enum.GetNames<GraphLoopResult>());
    }

    private static ModelDescription Describe(Generation generation, string name)
    {
        using var model = (ModelDsl.Model)Activator.CreateInstance(generation.Load().GetType(name, throwOnError: true)!, 1, null)!;
        return model.Description;
    }
}
