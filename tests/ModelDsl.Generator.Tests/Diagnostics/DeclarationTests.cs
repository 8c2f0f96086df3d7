using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

public class DeclarationTests
{
    private const string Layers = "[Model, Input(4), Dense(2), MeanSquaredError]";

    [Theory]
    [InlineData("public partial class Net;")]
    [InlineData("public sealed partial class Net { public int Classes => 2; }")]
    [InlineData("partial class Net : System.IComparable { public int CompareTo(object? other) => 0; }")]
    [InlineData("partial class Net; partial class Net { }")]
    public Task A_partial_class_is_a_model(string declaration) => Expect.Diagnostics(Layers + declaration);

    [Theory]
    [InlineData("namespace A.B; {0} public partial class Net;")]
    [InlineData("namespace @event {{ partial class @class {{ {0} private sealed partial class @int; }} }}")]
    [InlineData("partial struct Outer {{ partial interface IInner {{ {0} partial class Net; }} }}")]
    [InlineData("partial record Outer {{ partial record struct Inner {{ {0} internal partial class Net; }} }}")]
    public Task A_model_may_lie_in_any_namespace_and_partial_type(string source) => Expect.Diagnostics(string.Format(null, source, Layers));

    [Fact]
    public Task A_model_that_is_not_partial() =>
        Expect.Message(Layers + "public class {|MDSL0001:Net|};", "'Net' has [Model], but is not partial; write 'partial class Net'");

    [Fact]
    public Task A_block_that_is_not_partial() => Expect.Diagnostics("[Block, Dense(2)] class {|MDSL0001:Left|};");

    [Fact]
    public Task A_container_that_is_not_partial() =>
        Expect.Message($"class {{|MDSL0002:Outer|}} {{ {Layers} partial class Net; }}", "'Outer' contains the model 'Net'");

    [Fact]
    public Task Layers_on_several_declarations() => Expect.Diagnostics(
        """
        [Model, Input(4), Dense(2)]
        public partial class Net;
        [{|MDSL0003:MeanSquaredError|}]
        public partial class Net;
        """);

    [Fact]
    public Task Layers_on_declarations_in_several_files() => Expect.Diagnostics(
        "[Model] partial class Net; [Block, Dense(3)] partial class Left;",
        "[Input(4), Dense(2), MeanSquaredError] partial class Net; [{|MDSL0003:Relu|}] partial class Left;");

    [Theory]
    [InlineData("public partial class {|MDSL0004:Net|}<T>;")]
    [InlineData("file partial class {|MDSL0005:Net|};")]
    [InlineData("class Ancestor; partial class Net : {|MDSL0006:Ancestor|};", "class Ancestor; ")]
    [InlineData("partial class Net : {|MDSL0006:object|};")]
    [InlineData("partial class Net : {|MDSL0006:System.Object|};")]
    [InlineData("static partial class {|MDSL0008:Net|};")]
    [InlineData("abstract partial class {|MDSL0008:Net|};")]
    [InlineData("partial record {|MDSL0008:Net|};")]
    public Task A_class_that_cannot_be_a_model(string declaration, string before = "") =>
        Expect.Diagnostics(before + Layers + declaration[before.Length..]);

    [Fact]
    public Task A_model_in_a_generic_class() =>
        Expect.Diagnostics($"partial class Outer<T> {{ {Layers} partial class {{|MDSL0004:Net|}}; }}");

    [Theory]
    [InlineData("partial class Net{|MDSL0007:(int width)|};")]
    [InlineData("partial class Net { public {|MDSL0007:Net|}(int width) { } }")]
    public Task A_model_with_a_constructor(string declaration) => Expect.Diagnostics(Layers + declaration);

    [Fact]
    public Task A_block_with_parameters() => Expect.Diagnostics("[Block, Dense(2)] partial class Left{|MDSL0007:(int width)|};");

    [Fact]
    public Task Both_model_and_block() =>
        Expect.Diagnostics("[Model, Block, Input(4), Dense(2), MeanSquaredError] partial class {|MDSL0008:Net|};");

    [Fact]
    public Task Layers_without_model_or_block() => Expect.Diagnostics("[Dense(2)] partial class {|MDSL0009:Net|};");

    [Fact]
    public Task A_missing_base_class_is_the_compilers_business() => Expect.Diagnostics(Layers + "partial class Net : {|CS0246:Missing|};");

    [Fact]
    public Task A_misspelt_layer_is_the_compilers_business_and_advice_beside_it() =>
        Expect.Diagnostics("[Model, Input(4), {|CS0246:{|CS0246:{|MDSL0065:Dens|}|}|}(2), {|CS0246:{|CS0246:{|MDSL0065:MeanSquared|}|}|}] partial class Net;");

    [Fact]
    public Task A_wrong_kind_of_argument_is_the_compilers_business() =>
        Expect.Diagnostics("[Model, Input(4), Dense({|CS1503:0.5|}), MeanSquaredError] partial class Net;");
}
