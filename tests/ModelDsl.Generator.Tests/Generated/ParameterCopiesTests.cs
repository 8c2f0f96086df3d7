using System.Text.RegularExpressions;
using ModelDsl.Generator.Emit.Cpu;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Forward;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Copies of parameters in other layouts, which persist between calls.</summary>
public partial class ParameterCopiesTests
{
    /// <summary>A table of tokens that is the output layer, 11 x 16: one panel of 16 rows.</summary>
    private const string Tied = """
        [Model, Generates, SoftmaxCrossEntropy] public partial class Net
        {
            [Weight(11, 16, Init = Init.Normal)] private static partial Tensor Words { get; }

            private static Tensor Forward([TokenInput(35, 11)] Tensor tokens) => Words.Gather(tokens).LayerNorm().MatMul(Words.Transpose());
        }
        """;

    private const string Separate = "[Model, Generates, TokenInput(35, 11), Embedding(16), LayerNorm, Dense(11), SoftmaxCrossEntropy] public partial class Net;";

    /// <summary>Two tables, of which one is the output layer of a model with buckets.</summary>
    private const string Buckets = """
        [Model, SoftmaxCrossEntropy] public partial class Net
        {
            [Weight(11, 16, Init = Init.Normal)] private static partial Tensor Words { get; }
            [Weight(16, 16, Init = Init.Normal)] private static partial Tensor Square { get; }

            private static Tensor Forward([TokenInput(12, 11, Padding = 0, Buckets = [4, 8])] Tensor tokens) =>
                (Square.Gather(tokens).MatMul(Square) + Words.Gather(tokens)).MatMul(Square.Transpose()).GlobalAveragePool().MatMul(Words.Transpose());
        }
        """;

    [Fact]
    public void A_program_copies_a_parameter_in_one_method_and_not_in_each_call()
    {
        var text = Steps(Tied);
        Assert.Contains("public override int ParameterCopyFloats => 512;", text, StringComparison.Ordinal);
        var methods = Methods(text).ToDictionary(method => method.Name, method => method.Body);
        Assert.Single(Copy().Matches(methods["CopyParameters"]));
        foreach (var method in new[] { "Infer", "DecodeChunk", "DecodeOne" })
        {
            Assert.Contains("= step.ParameterCopies;", methods[method], StringComparison.Ordinal);
            Assert.DoesNotMatch(Copy(), methods[method]);
        }
    }

    [Fact]
    public void A_model_without_such_parameters_has_no_copies()
    {
        Assert.DoesNotContain("ParameterCopies", Steps(Separate), StringComparison.Ordinal);
        Assert.DoesNotContain("CopyParameters", Steps(Separate), StringComparison.Ordinal);
    }

    [Fact]
    public void Plans_share_equal_copies()
    {
        var plans = ModelCompiler.Plan(Read.Spec(Tied)).PlansFor(CpuTarget.Avx512);
        GraphPlan[] reading = [plans.Infer, .. plans.Decoding];
        Assert.Equal(3, reading.Sum(plan => plan.Copies.Count));
        Assert.Single(plans.Copies.Launches);
        Assert.All(reading, plan => Assert.DoesNotContain(WidthPlans.Launches(plan), ParameterCopies.IsCopy));
        Assert.All(reading.SelectMany(plan => plan.Copies), copy => Assert.Equal(0, copy.Buffers.Single(buffer => buffer.Space == Space.ParameterCopies).ByteOffset));
    }

    /// <summary>Two products of one plan read the table.</summary>
    [Fact]
    public void Products_of_a_plan_share_equal_copies()
    {
        var plans = ModelCompiler.Plan(Read.Spec(Tied.Replace("MatMul(Words.Transpose())", "MatMul(Words.Transpose()).Softmax().MatMul(Words).MatMul(Words.Transpose())", StringComparison.Ordinal))).PlansFor(CpuTarget.Avx512);
        Assert.Equal(2, plans.Infer.Copies.Count);
        Assert.Single(plans.Copies.Launches);
    }

    [Fact]
    public void Training_plans_copy_into_their_own_memory()
    {
        var plans = ModelCompiler.Plan(Read.Spec(Tied)).PlansFor(CpuTarget.Avx512);
        Assert.All(plans.Training, plan => Assert.Empty(plan.Copies));
        Assert.Contains(plans.Training.SelectMany(WidthPlans.Launches).SelectMany(launch => launch.Buffers), buffer => buffer is { Space: Space.Fixed, Name: "wordsTransposed" });
    }

    /// <summary>Layers with equal shapes are scheduled once; the copies of the later ones last as well.</summary>
    [Fact]
    public void Copies_of_a_training_step_last_until_the_next()
    {
        var plan = ModelCompiler.Plan(Read.Spec("[Model, Input(32), Dense(32), Tanh, Dense(32), Tanh, Dense(32), Tanh, Dense(32), MeanSquaredError] public partial class Net;")).PlansFor(CpuTarget.Avx512).Training[0];
        var launches = WidthPlans.Launches(plan);
        var copies = launches.Where(LastingCopies.IsCopy).SelectMany(launch => launch.Buffers).Where(buffer => buffer.Lasts).ToArray();
        Assert.Equal(["dense4WeightTransposed", "dense3WeightTransposed", "dense2WeightTransposed"], copies.Select(copy => copy.Name));
        foreach (var copy in copies)
        {
            Assert.All(launches.SelectMany(launch => launch.Buffers).Where(buffer => buffer.Space == Space.Fixed && buffer != copy), buffer =>
                Assert.False(buffer.ByteOffset < copy.ByteOffset + copy.Bytes && copy.ByteOffset < buffer.ByteOffset + buffer.Bytes, $"{buffer} is in the memory of {copy}"));
        }
    }

    /// <summary>The gradient of the table can be in the memory of the copy of the table: both are as large as the limit allows, or larger.</summary>
    [Theory]
    [InlineData(32_000, true)]
    [InlineData(34_000, false)]
    public void Copies_do_not_last_if_the_arena_would_become_much_larger(int words, bool lasts)
    {
        var source = $$"""
            [Model, MeanSquaredError] public partial class Net
            {
                [Weight({{words}}, 128, Init = Init.Normal)] private static partial Tensor Words { get; }

                private static Tensor Forward([TokenInput(3, {{words}})] Tensor tokens) => Words.Gather(tokens).LayerNorm().MatMul(Words.Transpose());
            }
            """;
        var plan = ModelCompiler.Plan(Read.Spec(source)).PlansFor(CpuTarget.Avx512).Training[0];
        Assert.Equal(lasts, Assert.Single(WidthPlans.Launches(plan), launch => launch.IsCopy) is { } copy && LastingCopies.IsCopy(copy));
    }

    [Fact]
    public void A_training_step_makes_copies_unless_they_are_there()
    {
        var text = Steps(Tied);
        Assert.Equal(1, Regex.Count(text, @"(?m)^        if \(!step\.HasCopies\) WordsTransposed\("));
        Assert.Single(Methods(text), method => method.Body.Contains("step.HasCopies", StringComparison.Ordinal));
    }

    [Fact]
    public void Different_copies_do_not_overlap()
    {
        var copies = ModelCompiler.Plan(Read.Spec(Buckets)).PlansFor(CpuTarget.Avx512).Copies;
        var buffers = copies.Launches.Select(launch => launch.Buffers.Single(buffer => buffer.Space == Space.ParameterCopies)).OrderBy(buffer => buffer.ByteOffset).ToArray();
        Assert.True(buffers.Length > 1);
        Assert.Equal(buffers.Length, buffers.Select(buffer => buffer.Name).Distinct().Count());
        foreach (var (buffer, next) in buffers.Zip(buffers.Skip(1))) Assert.Equal(buffer.ByteOffset + buffer.Bytes, next.ByteOffset);
        Assert.Equal(copies.Floats * sizeof(float), buffers[^1].ByteOffset + buffers[^1].Bytes);
    }

    [Fact]
    public void Programs_with_copies_compute_what_the_graph_says()
    {
        foreach (var source in new[] { Tied, Buckets })
        {
            using var library = ModelLibrary.Of(source);
            ModelCheck.Run(library["Net"], n: 3);
        }
    }

    private static string Steps(string source) => ModelCompiler.Compile(Read.Spec(source)).Files.Single(file => file.Suffix == CpuProgramWriter.StepsSuffix).Text;

    /// <summary>The methods of a program: the text from each header to the next.</summary>
    private static IEnumerable<(string Name, string Body)> Methods(string text) => Header().Split(text).Skip(1).Chunk(2).Select(pair => (pair[0], pair[1]));

    [GeneratedRegex(@"(?m)^    (?:public override|private|protected|protected abstract|internal)(?: static)? void (\w+)\(")]
    private static partial Regex Header();

    [GeneratedRegex(@"\bWordsTransposed\(")]
    private static partial Regex Copy();
}
