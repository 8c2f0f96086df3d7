namespace ModelDsl.Generator.Tests.Generated;

/// <summary>A part trained elsewhere is loaded into a larger model and kept while the rest learns.</summary>
public sealed class TransferTests(TransferTests.Compiled compiled) : IClassFixture<TransferTests.Compiled>, IDisposable
{
    private const string Source =
        """
        [Block, Dense(8, WeightDecay = 0.1), LayerNorm, Tanh]
        internal sealed partial class Trunk;

        [Model, Input(4), Apply<Trunk>(Name = "trunk"), Dense(2), MeanSquaredError]
        public sealed partial class Teacher;

        [Model, Input(4), MeanSquaredError]
        public sealed partial class Student
        {
            [Frozen] private readonly Trunk trunk = new();

            private Tensor Forward(Tensor x) => x.Apply(trunk).Dense(3).Relu().Dense(1);
        }

        [Model, Input(4), Dense(8, Frozen = true, Name = "dense1"), Relu, Dense(1), MeanSquaredError]
        public sealed partial class FrozenLayer;
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl").FullName;
    private readonly ModelLibrary library = compiled.Library;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_frozen_trunk_keeps_every_bit_and_the_head_learns(bool adaptive)
    {
        Optimizer optimizer = adaptive ? new AdamW(1e-2, weightDecay: 0.1) : new Sgd(0.1, momentum: 0.9);
        var path = Path.Combine(folder, "teacher.safetensors");
        using var teacher = library["Teacher"].Create(Device.Cpu, seed: 7);
        teacher.Save(path);
        using var student = library["Student"].Create(Device.Cpu, seed: 8);

        var report = student.Load(path, new LoadOptions { FilePrefix = "trunk.", Prefix = "trunk.", AllowMissing = true });
        Assert.Equal(["trunk.dense1.weight", "trunk.dense1.bias", "trunk.layerNorm1.weight", "trunk.layerNorm1.bias"], report.Loaded);
        Assert.All(report.Missing, name => Assert.StartsWith("dense", name, StringComparison.Ordinal));
        var heads = Bits(student, report.Missing);

        Train(student, optimizer);
        Assert.Equal(Bits(teacher, report.Loaded), Bits(student, report.Loaded));
        Assert.All(heads.Zip(Bits(student, report.Missing)), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.DoesNotContain(student.Gradients, gradient => gradient.Name.StartsWith("trunk.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_frozen_layer_of_a_list_keeps_every_bit()
    {
        using var model = library["FrozenLayer"].Create(Device.Cpu);
        string[] frozen = ["dense1.weight", "dense1.bias"];
        var before = Bits(model, frozen);
        Train(model, new Adam(1e-2));
        Assert.Equal(before, Bits(model, frozen));
    }

    private static void Train(Model model, Optimizer optimizer)
    {
        var random = new Random(3);
        float[] x = [.. Enumerable.Range(0, 4 * 40).Select(_ => random.NextSingle())];
        float[] y = [.. Enumerable.Range(0, 40).Select(_ => random.NextSingle())];
        foreach (var batch in Dataset.FromArrays(x, y).Batches(8))
        {
            model.Forward(batch);
            model.Backward(batch);
            optimizer.Update(model);
        }
    }

    private static List<int[]> Bits(Model model, IEnumerable<string> names) =>
        [.. names.Select(name => model.Parameters[name].ToArray().Select(BitConverter.SingleToInt32Bits).ToArray())];

    /// <summary>The models above.</summary>
    public sealed class Compiled() : LibraryFixture(Source);
}
