using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

/// <summary>Members of a user in addition to the generated ones.</summary>
public class MemberTests
{
    private const string Layers = "[Model, Input(4), Dense(2), MeanSquaredError]";

    [Theory]
    [InlineData("public int {|MDSL0070:Predict|} { get; set; }")]
    [InlineData("private int {|MDSL0070:FromFile|};")]
    [InlineData("private static int {|MDSL0070:GeneratedDescription|} => 3;")]
    [InlineData("private static int {|MDSL0070:GeneratedMessage|} => 3;")]
    [InlineData("public float[] {|MDSL0070:Predict|}(ReadOnlySpan<float> x) => [];")]
    [InlineData("public void {|MDSL0070:PredictLogits|}(ReadOnlySpan<float> x, Span<float> y) { }")]
    [InlineData("public static Net {|MDSL0070:FromFile|}(string path, Device? device) => null!;")]
    [InlineData("class {|MDSL0070:PredictLogits|};")]
    [InlineData("event Action? {|MDSL0070:Predict|};")]
    public Task A_member_with_the_name_of_a_generated_one_is_one_error_at_its_name(string member) =>
        Expect.Diagnostics($"{Layers} partial class Net {{ {member} }}");

    [Fact]
    public Task Members_of_parts_count_too_and_an_example_gives_way() => Expect.Diagnostics(
        """
        [Block, Dense(2)] partial class B;
        [Model] partial class Net
        {
            readonly B left = new(); readonly B right = new();
            class Example;
            void {|MDSL0070:BackwardOwn|}(Batch batch) { }
            Tensor Forward([Input(2)] Tensor x) => x.Apply(left).Apply(right);
            [Loss(Trains = nameof(left))] Tensor Own(Tensor output) => output.Square();
            [Loss(Trains = nameof(right))] Tensor Other(Tensor output) => output.Abs();
        }
        """);

    [Theory]
    [InlineData("public string Predict(string text) => text;")]
    [InlineData("public void Predict(Span<float> values) { }")]
    [InlineData("public int Predict<T>(ReadOnlySpan<float> values) => 3;")]
    [InlineData("public static Net FromFile(string path) => FromFile(path, null);")]
    [InlineData("class Example;")]
    [InlineData("void BackwardOwn(Batch batch) { }")]
    [InlineData("interface IPredictor { int Predict { get; } }")]
    public Task Another_method_of_the_same_name_is_none(string member) => Expect.Diagnostics($"{Layers} partial class Net {{ {member} }}");

    [Theory]
    [InlineData("Predict")]
    [InlineData("FromFile")]
    [InlineData("PredictLogits")]
    public Task A_class_with_the_name_of_a_generated_member(string name) => Expect.Message(
        $"{Layers} partial class {{|MDSL0070:{name}|}}; class Use {{ static int Run() {{ using var net = new {name}(seed: 1); return net.Parameters.Count; }} }}",
        $"A member called '{name}' is generated for '{name}', but the class itself has its name; give it another name");

    [Theory]
    [InlineData("public required int {|MDSL0071:Width|} { get; set; }")]
    [InlineData("public required int {|MDSL0071:Width|};")]
    public Task A_required_member_cannot_be_set_from_a_file(string member) => Expect.Diagnostics($"{Layers} public partial class Net {{ {member} }}");

    [Theory]
    [InlineData("{|CS0592:Frozen|}")]
    [InlineData("{|CS0592:Weight|}(3)")]
    [InlineData("{|CS0592:Label|}(3)")]
    [InlineData("{|CS0592:Target|}(3)")]
    public Task An_attribute_that_does_not_go_on_a_class_is_the_compilers_business(string attribute) =>
        Expect.Diagnostics($"[Model, Input(4), {attribute}, Dense(2), MeanSquaredError] partial class Net; [Block, {attribute}, Dense(2)] partial class B;");

    /// <summary>A constructor that threw <see cref="ArgumentNullException"/> said nothing of the mistake.</summary>
    [Fact]
    public void A_model_with_a_mistake_throws_its_message_wherever_it_is_used()
    {
        var type = Generation.Of("[Model, Input(4), Dense(0), MeanSquaredError] public partial class Net;").Load().GetType("Net")!;
        foreach (var run in (Action[])[() => Activator.CreateInstance(type, 1, null), () => type.GetMethod("FromFile")!.Invoke(null, ["x", null])])
        {
            var thrown = Assert.IsType<InvalidOperationException>(Assert.Throws<System.Reflection.TargetInvocationException>(run).InnerException);
            Assert.StartsWith("MDSL0010: 'units' of Dense is 0", thrown.Message, StringComparison.Ordinal);
        }
    }
}
