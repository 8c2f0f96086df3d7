using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Incrementality;

/// <summary>An edit makes the compiler do again what it can change, and nothing else.</summary>
public class CachingTests
{
    private const string First =
        """
        namespace Company;
        [Model, Input(4), Dense(8), Activation(nameof(Swish)), Residual<Left>, MeanSquaredError]
        public partial class First { static float Swish(float x) => Sigmoids.Scale(x) / (1 + MathF.Exp(-x)); }
        [Model, Input(4), Dense(8), MeanSquaredError]
        public partial class Second;
        """;

    private const string Blocks = "namespace Company; [Block, Dense(8), Relu] partial class Left; [Block] partial class Unused;";

    private const string Others = "namespace Company; static class Sigmoids { public static float Scale(float x) => 2 * x; }";

    [Fact]
    public void Nothing_changed() => Unchanged(pipeline => pipeline.Edit(0, First));

    [Fact]
    public void An_edit_in_another_file() => Unchanged(pipeline => pipeline.Edit(2, Others + " class More { int Field = 3; }"));

    [Fact]
    public void A_comment_in_a_function_that_is_called() => Unchanged(pipeline => pipeline.Edit(2, Others.Replace("2 *", "/* twice */ 2 *")));

    [Fact]
    public void A_comment_above_the_model() => Unchanged(pipeline => pipeline.Edit(0, "// A comment.\n\n" + First));

    [Fact]
    public void Another_layout_of_the_attributes() =>
        Unchanged(pipeline => pipeline.Edit(0, First.Replace(", ", "]\n[").Replace("nameof(Swish)", "\"Swish\"")));

    [Fact]
    public void A_member_of_the_model() => Unchanged(pipeline => pipeline.Edit(0, First.Replace("First {", "First { int own = 3;")));

    [Fact]
    public void An_attribute_of_somebody_else() => Unchanged(pipeline => pipeline.Edit(0, First.Replace("[Model", "[Obsolete, Model")));

    [Fact]
    public void A_block_that_is_not_used() => Unchanged(pipeline => pipeline.Edit(1, Blocks.Replace("[Block]", "[Block, Dense(3)]")));

    [Fact]
    public void A_mistake_keeps_its_name_when_text_moves()
    {
        const string Wrong =
            "[Model, Input(4), Dense(0), Activation(nameof(F)), MeanSquaredError] partial class Net { static float F(float x) => MathF.Atan(x); }";
        var pipeline = new Pipeline(Wrong);
        pipeline.Edit(0, "// A comment.\n" + Wrong);
        Assert.Equal(IncrementalStepRunReason.Unchanged, pipeline.Reason(ModelGenerator.SpecStep, "Net"));
    }

    [Fact]
    public void A_change_in_a_neighbour_model()
    {
        var pipeline = Start();
        pipeline.Edit(0, First.Replace("Dense(8), MeanSquaredError", "Dense(9), MeanSquaredError", StringComparison.Ordinal));
        Assert.Equal(IncrementalStepRunReason.Unchanged, pipeline.Reason(ModelGenerator.SpecStep, "Company.First"));
        Assert.Equal(IncrementalStepRunReason.Cached, pipeline.Reason(ModelGenerator.CompileStep, "Company.First"));
        Assert.Equal(IncrementalStepRunReason.Modified, pipeline.Reason(ModelGenerator.SpecStep, "Company.Second"));
    }

    [Theory]
    [InlineData(1, Blocks, "Dense(8)", "Dense(7)")]
    [InlineData(2, Others, "2 * x", "3 * x")]
    public void What_a_model_uses_changes_that_model_alone(int file, string source, string old, string replacement)
    {
        var pipeline = Start();
        pipeline.Edit(file, source.Replace(old, replacement, StringComparison.Ordinal));
        Assert.Equal(IncrementalStepRunReason.Modified, pipeline.Reason(ModelGenerator.SpecStep, "Company.First"));
        Assert.Equal(IncrementalStepRunReason.Unchanged, pipeline.Reason(ModelGenerator.SpecStep, "Company.Second"));
        Assert.Equal(IncrementalStepRunReason.Cached, pipeline.Reason(ModelGenerator.CompileStep, "Company.Second"));
    }

    /// <summary>A symbol, syntax node or location in a pipeline value would keep old compilations alive and defeat caching.</summary>
    [Fact]
    public void Nothing_of_the_compilation_crosses_the_pipeline()
    {
        var pipeline = Start();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var value in pipeline.Values()) Visit(value);

        void Visit(object? value)
        {
            if (value is null || value is string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value)) return;
            var type = value.GetType();
            Assert.False(type.Namespace!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal), type.FullName);
            if (value is IEnumerable items)
            {
                foreach (var item in items) Visit(item);
            }

            var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
            foreach (var field in fields) Visit(field.GetValue(value));
        }
    }

    private static Pipeline Start() => new(First, Blocks, Others);

    private static void Unchanged(Action<Pipeline> edit)
    {
        var pipeline = Start();
        edit(pipeline);
        foreach (var key in (string[])["Company.First", "Company.Second"])
        {
            Assert.Contains(pipeline.Reason(ModelGenerator.SpecStep, key), Kept);
            Assert.Equal(IncrementalStepRunReason.Cached, pipeline.Reason(ModelGenerator.CompileStep, key));
        }

        Assert.All(pipeline.OutputReasons(), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    private static readonly IncrementalStepRunReason[] Kept = [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged];
}
