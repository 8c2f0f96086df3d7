using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.WeightFiles;

/// <summary>Files with the former names of layers, blocks and weights are loaded, and former names that cannot be used are errors.</summary>
public sealed class FormerNameTests(FormerNameTests.Compiled compiled) : IClassFixture<FormerNameTests.Compiled>, IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("OldList", "NewList")]
    [InlineData("OldMethod", "NewMethod")]
    public void A_file_with_former_names_is_loaded(string before, string after)
    {
        using var old = compiled.Library[before].Create(Device.Cpu, seed: 1);
        using var renamed = compiled.Library[after].Create(Device.Cpu, seed: 2);
        old.Save(path);

        var report = renamed.Load(path);

        Assert.Empty(report.Missing);
        Assert.Empty(report.Unexpected);
        Assert.Equal(old.Parameters.Select(parameter => parameter.ToArray()), renamed.Parameters.Select(parameter => parameter.ToArray()));
        Assert.NotEqual(old.Parameters.Select(parameter => parameter.Name), renamed.Parameters.Select(parameter => parameter.Name));

        // Files are written with the present names, and read as before.
        renamed.Save(path);
        renamed.Load(path);
    }

    [Fact]
    public void Former_names_hold_behind_prefixes_and_rules()
    {
        using var old = compiled.Library["OldPart"].Create(Device.Cpu, seed: 1);
        using var renamed = compiled.Library["NewMethod"].Create(Device.Cpu, seed: 2);
        old.Save(path);
        var report = renamed.Load(path, new LoadOptions { FilePrefix = "part1.", Prefix = "tower.", AllowMissing = true });
        Assert.Equal(["trunk.stem.weight", "trunk.stem.bias"], report.Loaded);
    }

    [Fact]
    public Task A_name_that_nothing_has_is_an_error() => Expect.Message(
        "[Model, {|MDSL0107:FormerlyKnownAs(\"fc\", Now = \"hiden\")|}, Input(4), Dense(3, Name = \"hidden\"), Dense(2), MeanSquaredError] partial class Net;",
        "'fc' cannot be a former name: no weight has a name that begins with 'hiden'; did you mean 'hidden'?");

    [Fact]
    public Task A_class_must_say_the_present_name() => Expect.Message(
        "[Model, {|MDSL0107:FormerlyKnownAs(\"fc\")|}, Input(4), Dense(3), MeanSquaredError] partial class Net;", "write Now = \"…\"");

    [Fact]
    public Task A_name_that_another_layer_has_is_an_error() => Expect.Message(
        "[Model, {|MDSL0107:FormerlyKnownAs(\"dense2\", Now = \"head\")|}, Input(4), Dense(3), Dense(3), Dense(2, Name = \"head\"), MeanSquaredError] partial class Net;",
        "a layer is still called 'dense2'");

    /// <summary>Pairs of models before and after layers were renamed.</summary>
    public sealed class Compiled() : LibraryFixture(
        """
        [Block, Dense(3, Name = "first"), Tanh] partial class OldBlock;
        [Block, FormerlyKnownAs("first", Now = "stem"), Dense(3, Name = "stem"), Tanh] partial class Part;

        [Model, Input(4), Dense(5, Name = "fc1"), Apply<OldBlock>(Name = "body"), BatchNorm(Name = "bn"), Dense(2), MeanSquaredError] public partial class OldList;

        [Model, Input(4), Dense(5, Name = "hidden"), Apply<Part>(Name = "trunk"), BatchNorm(Name = "norm"), Dense(2), MeanSquaredError]
        [FormerlyKnownAs("fc1", Now = "hidden"), FormerlyKnownAs("body", Now = "middle"), FormerlyKnownAs("middle", Now = "trunk"), FormerlyKnownAs("bn", Now = "norm")]
        public partial class NewList;

        [Model, Input(4), Apply<OldBlock>(Name = "part1"), MeanSquaredError] public partial class OldPart;

        [Model, MeanSquaredError] public partial class OldMethod
        {
            [Weight(4, Init = Init.Normal)] private static partial Tensor Factor { get; }

            private readonly OldBlock tower = new();

            private Tensor Forward([Input(4)] Tensor x) => (x * Factor).Apply(tower).Dense(2, name: "out");
        }

        [Model, MeanSquaredError, FormerlyKnownAs("out", Now = "head")] public partial class NewMethod
        {
            [Weight(4, Init = Init.Normal), FormerlyKnownAs("factor")] private static partial Tensor Scale { get; }

            [FormerlyKnownAs("tower")] private readonly Part trunk = new();

            private Tensor Forward([Input(4)] Tensor x) => (x * Scale).Apply(trunk).Dense(2, name: "head");
        }
        """);
}
