using System.Text.Json;
using ModelDsl.Runtime.Tests.Runs;
using ModelDsl.Runtime.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Optimizers;

/// <summary>Parameters in the layouts of generated models: panels, and matrices of the last two axes of a convolution.</summary>
[Model, Input(3, 3, 2), Conv2D(17, 2), Flatten, Dense(18), MeanSquaredError]
internal sealed partial class PanelNet;

/// <summary>Optimizers that depend on norms of whole parameters, against values in double precision: tests/vectors/tensor_optimizers.py.</summary>
public sealed class TensorOptimizerTests
{
    private static readonly JsonElement Vectors =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "tensor_optimizers.json"))).RootElement;

    public static TheoryData<int, string> Cases()
    {
        var cases = new TheoryData<int, string>();
        foreach (var (index, item) in Vectors.GetProperty("cases").EnumerateArray().Index())
            cases.Add(index, $"{item.GetProperty("optimizer").GetString()} {item.GetProperty("options").GetRawText()}");
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_are_those_of_the_formulas_in_row_major_order(int index, string name)
    {
        foreach (var bits in (int[])[512, 256, 128])
        {
            using var device = new CpuDevice { VectorBits = bits, Threads = 2 };
            using var model = new FlatModel(device, [.. Vectors.GetProperty("shapes").EnumerateObject()
                .Select(shape => (shape.Name, shape.Value.EnumerateArray().Select(extent => extent.GetInt32()).ToArray(), double.NaN))]);
            Check(model, index, $"{name}, {bits} bits");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_are_those_of_the_formulas_in_panels(int index, string name)
    {
        // The norm of the vectors includes a parameter that this model does not have.
        if (name.Contains("clip_norm", StringComparison.Ordinal))
            return;
        using var model = new PanelNet(seed: 1);
        Check(model, index, name);
    }

    [Theory]
    [InlineData("Lamb")]
    [InlineData("Adafactor")]
    public void Threads_and_vector_widths_do_not_change_a_bit(string name)
    {
        var expected = Run(512, 1);
        Assert.All(expected, value => Assert.True(float.IsFinite(value)));
        foreach (var (bits, threads) in ((int, int)[])[(512, 2), (256, 1), (128, 3), (512, 8)])
            Assert.Equal(expected, Run(bits, threads));

        float[] Run(int bits, int threads)
        {
            using var device = new CpuDevice { VectorBits = bits, Threads = threads };
            using var model = new FlatModel(device, ("a", [300, 141], double.NaN), ("b", [141], 0.0), ("c", [5, 3, 7, 2], double.NaN), ("d", [2, 20_000], 0.1));
            var optimizer = OptimizerTests.Create(name);
            var random = new Random(3);
            for (var step = 0; step < 3; step++)
            {
                foreach (var gradient in model.Gradients)
                    gradient.CopyFrom([.. Enumerable.Range(0, gradient.Count).Select(_ => random.NextSingle() - 0.5f)]);
                optimizer.Update(model);
            }

            return [.. model.Parameters.SelectMany(static parameter => parameter.ToArray())];
        }
    }

    [Theory]
    [InlineData("Lamb")]
    [InlineData("Adafactor")]
    public void Sparse_updates_are_an_error_that_says_what_to_do(string name)
    {
        using var sparse = new Runs.SparseNet(seed: 1);
        foreach (var gradient in sparse.Gradients)
            gradient.CopyFrom(new float[gradient.Count]);
        Assert.Contains("'embedding1.weight' of SparseNet has sparse updates", Assert.Throws<NotSupportedException>(() => OptimizerTests.Create(name).Update(sparse)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Lamb")]
    [InlineData("Adafactor")]
    public void Devices_without_a_pass_of_their_own_get_the_bits_of_the_cpu(string name)
    {
        using var array = new ArrayDevice();
        using var cpu = new FlatModel(48);
        using var elsewhere = new FlatModel(48, array);
        var optimizers = (OptimizerTests.Create(name), OptimizerTests.Create(name));
        for (var step = 0; step < 3; step++)
        {
            float[] values = [.. Enumerable.Range(0, 48).Select(i => MathF.Sin(i + step))];
            foreach (var (model, optimizer) in ((Model, Optimizer)[])[(cpu, optimizers.Item1), (elsewhere, optimizers.Item2)])
            {
                model.Gradients[0].CopyFrom(values);
                optimizer.Update(model);
            }

            Assert.Equal(cpu.Parameters[0].ToArray(), elsewhere.Parameters[0].ToArray());
        }

        Assert.NotEqual(new float[48], cpu.Parameters[0].ToArray());
    }

    [Theory]
    [InlineData("Lamb")]
    [InlineData("Adafactor")]
    public void Updates_allocate_nothing(string name)
    {
        using var model = new ResumedNet(1);
        foreach (var gradient in model.Gradients)
            gradient.CopyFrom(new float[gradient.Count]);
        var optimizer = OptimizerTests.Create(name);
        Assert.Equal(0, Allocation.Least(() => optimizer.Update(model)));
    }

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Lamb(beta2: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Lamb(epsilon: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adafactor(beta2Decay: 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adafactor(epsilon1: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adafactor(clippingThreshold: 0.5));
    }

    private static void Check(Model model, int index, string what)
    {
        foreach (var parameter in model.Parameters)
            parameter.CopyFrom(Floats(Vectors.GetProperty("start"), parameter));
        var expected = Vectors.GetProperty("cases")[index];
        var optimizer = PyTorchOptimizer.Create(expected.GetProperty("optimizer").GetString()!, expected.GetProperty("options"));
        var steps = Vectors.GetProperty("gradients").GetArrayLength();
        for (var step = 0; step < steps; step++)
        {
            foreach (var gradient in model.Gradients)
                gradient.CopyFrom(Floats(Vectors.GetProperty("gradients")[step], gradient));
            optimizer.Update(model);
            if (step != 0 && step != steps - 1)
                continue;
            foreach (var parameter in model.Parameters)
            {
                foreach (var ((i, actual), value) in parameter.ToArray().Index().Zip(Floats(expected.GetProperty("parameters")[step == 0 ? 0 : 1], parameter)))
                    Assert.True(Math.Abs(actual - value) <= 2e-6 + (2e-6 * Math.Abs(value)), $"{what}: '{parameter.Name}'[{i}] after step {step + 1} is {actual}, and should be {value}.");
            }
        }
    }

    private static float[] Floats(JsonElement values, ParameterTensor tensor) => [.. values.GetProperty(tensor.Name).EnumerateArray().Select(static value => value.GetSingle())];
}
