using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.CodeFixes;

/// <summary>A list of layers becomes a Forward that is the same network, in readable code.</summary>
public class ForwardRefactoringTests
{
    private const string Blocks = "[Block, Dense(4), Relu] partial class Part; [Block] partial class Wide(int width, double rate = 0) { Tensor Forward(Tensor x) => x.Dense(width).Dropout(rate); }\n";

    [Theory]
    [InlineData(
        """
        [Model]
        [Input(28, 28)]
        [Flatten]
        [Dense(512, UseBias = false), Relu, Dropout(0.5)]
        [Dense(10)]
        [SoftmaxCrossEntropy]
        public sealed partial class Net;
        """,
        """
        [Model]
        [Input(28, 28)]
        [SoftmaxCrossEntropy]
        public sealed partial class Net
        {
            private static Tensor Forward(Tensor x) => x.Flatten().Dense(512, useBias: false).Relu().Dropout(0.5).Dense(10);
        }
        """)]
    [InlineData(
        """
            [Model, Input(784)]
            [Dense(Width, KernelInitializer = Init.HeNormal, Name = "first"), Activation(nameof(Swish))]
            [Dense(Width, KernelInitializer = Init.HeNormal, Name = "second"), Activation(nameof(Swish))]
            [Dense(10), SoftmaxCrossEntropy]
            public sealed partial class Net
            {
                private const int Width = 128;

                private static float Swish(float x) => x / (1f + MathF.Exp(-x));
            }
        """,
        """
            [Model, Input(784)]
            [SoftmaxCrossEntropy]
            public sealed partial class Net
            {
                private static Tensor Forward(Tensor x) => x
                    .Dense(Width, kernelInitializer: Init.HeNormal, name: "first").Activation(nameof(Swish))
                    .Dense(Width, kernelInitializer: Init.HeNormal, name: "second").Activation(nameof(Swish))
                    .Dense(10);

                private const int Width = 128;

                private static float Swish(float x) => x / (1f + MathF.Exp(-x));
            }
        """)]
    [InlineData(
        "[Model, Input(4), Dense(4), Repeat<Part>(x), Apply<Wide>(8, 0.1), Dense(3), MeanSquaredError]\npartial class Net { const int x = 2; }",
        """
        [Model, Input(4), MeanSquaredError]
        partial class Net {
            private static Tensor Forward(Tensor x0)
            {
                x0 = x0.Dense(4);
                for (int i = 0; i < x; i++) x0 = x0.Apply(new Part());
                return x0.Apply(new Wide(8, 0.1)).Dense(3);
            }
         const int x = 2; }
        """)]
    [InlineData(
        "[Block, Parallel<Part, Wide>(Merge.Add), Residual<Part>(Name = \"around\")]\npartial class Net;",
        """
        [Block]
        partial class Net
        {
            private static Tensor Forward(Tensor x)
            {
                x = x.Apply(new Part()) + x.Apply(new Wide());
                return x + x.Apply(new Part(), name: "around");
            }
        }
        """)]
    public async Task It_reads_as_if_written(string before, string after)
    {
        using var project = new FixProject(before, Blocks);
        await project.Apply(Assert.Single(await project.Refactorings(At(before))));
        Assert.Equal(after, project.Text());
    }

    [Theory]
    [InlineData("Dense(8), Relu, Dense(3, Frozen = true)")]
    [InlineData("Dense(4), Residual<Part>, Repeat<Part>(2, Name = \"deep\"), Apply<Wide>(8, 0.5), Dense(3)")]
    [InlineData("Dense(4), Parallel<Part, Part>(Merge.Concat), Parallel<Part, Part>(Merge.Add), Residual<Part>(Name = \"r\"), Dense(3)")]
    public Task It_is_the_same_network(string layers) =>
        MustBeEqual($"{Blocks}[Model, Input(4), {layers}, MeanSquaredError] public partial class Net;", "Net", isAlwaysOffered: true);

    [Fact]
    public async Task Random_models_stay_what_they_are()
    {
        var (converted, count) = (0, TestScale.Of("random lists that become methods", 6));
        for (var seed = 0; seed < count; seed++)
        {
            var model = RandomModels.Valid(seed);
            if (await MustBeEqual(model.Source, model.Key, isAlwaysOffered: false)) converted++;
        }

        Assert.True(2 * converted >= count, $"Only {converted} could be converted.");
    }

    [Theory]
    [InlineData("[Model, Input(4), MeanSquaredError] partial class Net;")]
    [InlineData("[Model, Input(4), MeanSquaredError] partial class Net { Tensor Forward(Tensor x) => x.Dense(2); }")]
    [InlineData("[Dense(4)] partial class Net;")]
    [InlineData("[Model, Input(4), Reshape(2, 2, Name = \"square\"), MeanSquaredError] partial class Net;")]
    [InlineData("[Model, Input(4), Dense(1, 2, 3), MeanSquaredError] partial class Net;")]
    public async Task It_is_not_offered_where_it_would_not_be_the_same(string source)
    {
        using var project = new FixProject(source);
        Assert.Empty(await project.Refactorings(At(source)));
    }

    [Fact]
    public async Task It_is_not_offered_in_the_body()
    {
        const string Source = "[Model, Input(4), Dense(2), MeanSquaredError] partial class Net { int x; }";
        using var project = new FixProject(Source);
        Assert.Empty(await project.Refactorings(new TextSpan(Source.IndexOf("int", StringComparison.Ordinal), 0)));
    }

    private static async Task<bool> MustBeEqual(string source, string key, bool isAlwaysOffered)
    {
        using var project = new FixProject(source);
        var offered = await project.Refactorings(At(source));
        if (offered.Count == 0 && !isAlwaysOffered) return false;
        await project.Apply(Assert.Single(offered));
        var errors = (await project.Report()).Where(found => found.Severity == DiagnosticSeverity.Error);
        Assert.True(!errors.Any(), $"{string.Join('\n', errors)}\n{project.Text()}");
        Assert.Equal(Parameters(source, key), Parameters(project.Text(), key));
        Assert.Equal(KernelText.Of(source), KernelText.Of(project.Text()));
        return true;
    }

    private static IEnumerable<string> Parameters(string source, string key)
    {
        var compilation = TestCompilation.Create(source);
        var spec = ModelParser.ReadModel(compilation.GetTypeByMetadataName(key)!, compilation, default);
        return Lowering.Lower(spec).Parameters.Select(parameter => $"{parameter.Name} {parameter.Shape} {parameter.Initializer} {parameter.Frozen}");
    }

    /// <summary>On the name of the class that is to be changed: the last one declared on its own line.</summary>
    private static TextSpan At(string source)
    {
        var name = source.Contains("class Net", StringComparison.Ordinal) ? "class Net" : "class Random";
        return new(source.IndexOf(name, StringComparison.Ordinal), 0);
    }
}
