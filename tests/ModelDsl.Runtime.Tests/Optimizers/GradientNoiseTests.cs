using ModelDsl.Initialization;
using ModelDsl.Runtime.Tests.Support;
using ModelDsl.Runtime.Tests.Training;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Optimizers;

public sealed class GradientNoiseTests
{
    private const int Length = 50_003;

    [Fact]
    public void The_variance_decreases_with_the_number_of_updates()
    {
        var optimizer = new Sgd(1) { GradientNoise = new(eta: 0.3, gamma: 0.55, seed: 5) };
        using var model = new FlatModel(Length);
        for (var update = 0; update < 4; update++)
        {
            var noise = Noise(model, optimizer);
            var variance = 0.3 / Math.Pow(1 + update, 0.55);
            var mean = noise.Average(static value => (double)value);
            Assert.Equal(0, mean, 5 * Math.Sqrt(variance / Length));
            Assert.Equal(variance, noise.Average(value => Math.Pow(value - mean, 2)), 5 * variance * Math.Sqrt(2.0 / Length));

            // The fourth moment of a normal distribution is three times the square of its variance.
            Assert.Equal(3, noise.Average(value => Math.Pow(value, 4)) / (variance * variance), 0.25);
        }
    }

    [Fact]
    public void Noise_is_that_of_its_formula_in_double_precision()
    {
        using var model = new FlatModel(100);
        var optimizer = new Sgd(1) { GradientNoise = new(eta: 4, gamma: 0, seed: 7) };
        Noise(model, optimizer);
        var noise = Noise(model, optimizer);
        for (uint i = 0; i < 100; i++)
        {
            var (block, lane) = (i / 32, i % 16);
            var radius = 2 * Math.Sqrt(-2 * Math.Log(1 - Word(0, block, lane)));
            var angle = 2 * Math.PI * Word(1, block, lane);
            Assert.Equal(radius * (i % 32 < 16 ? Math.Cos(angle) : Math.Sin(angle)), noise[i], 1e-5);
        }

        static double Word(uint row, uint block, uint lane)
        {
            var (x0, x1, x2, x3) = Philox.Draw(7, 1, 0x6E6F6973, row, (block * 4) + (lane / 4));
            return Philox.ToUniform((lane % 4) switch { 0 => x0, 1 => x1, 2 => x2, _ => x3 });
        }
    }

    [Fact]
    public void Threads_vector_widths_and_devices_do_not_change_a_bit()
    {
        var expected = Run(new CpuDevice { VectorBits = 512, Threads = 1 });
        foreach (var (bits, threads) in ((int, int)[])[(512, 2), (256, 1), (128, 3), (512, 8)])
            Assert.Equal(expected, Run(new CpuDevice { VectorBits = bits, Threads = threads }));
        if (System.Runtime.Intrinsics.X86.Fma.IsSupported)
            Assert.Equal(Run(new CpuDevice { VectorBits = 128 }), Run(new ArrayDevice()));

        static float[] Run(Device device)
        {
            using var owned = device;
            using var model = new FlatModel(Length, device);
            return Noise(model, new Sgd(1) { GradientNoise = new(eta: 1) });
        }
    }

    [Fact]
    public void Pads_and_frozen_parameters_have_no_noise()
    {
        using var model = new LinearModel(seed: 1);
        foreach (var gradient in model.Gradients)
            gradient.CopyFrom(new float[gradient.Count]);
        var optimizer = new Sgd(1) { GradientNoise = new(eta: 1) };
        optimizer.Freeze("dense1.bias");
        var bias = model.Parameters["dense1.bias"].ToArray();
        optimizer.Update(model);
        Assert.Equal(bias, model.Parameters["dense1.bias"].ToArray());
        var all = new float[64];
        model.OnDevice.Gradients.Read(0, all);
        Assert.Equal(6, all.Count(static value => value != 0));
        model.OnDevice.Parameters.Read(0, all);
        Assert.Equal(8, all.Count(static value => value != 0));
    }

    [Fact]
    public void Only_rows_of_a_sparse_table_that_are_updated_have_noise()
    {
        using var model = new AccumulatedTable(seed: 1);
        var before = model.Parameters[0].ToArray();
        var batch = Batch.Of(1, [2, 5, 2], new float[3 * 19]);
        model.Forward(batch);
        model.Backward(batch);
        new Sgd(1) { GradientNoise = new(eta: 1) }.Update(model);
        for (var row = 0; row < 11; row++)
            Assert.Equal(row is 2 or 5, !before.AsSpan(row * 19, 19).SequenceEqual(model.Parameters[0].ToArray().AsSpan(row * 19, 19)));
    }

    [Fact]
    public void The_limit_of_the_norm_acts_on_gradients_with_noise()
    {
        using var model = new FlatModel(1000);
        Assert.Equal(0.5, Math.Sqrt(Noise(model, new Sgd(1) { GradientNoise = new(eta: 1), ClipNorm = 0.5 }).Sum(static value => (double)value * value)), 1e-5);
    }

    [Fact]
    public void Updates_allocate_nothing()
    {
        using var model = new LinearModel(seed: 1);
        foreach (var gradient in model.Gradients)
            gradient.CopyFrom(new float[gradient.Count]);
        var optimizer = new Adam { GradientNoise = new(eta: 1) };
        Assert.Equal(0, Allocation.Least(() => optimizer.Update(model)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientNoise(eta: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientNoise(eta: 1, gamma: double.NaN));
    }

    /// <summary>What an update with gradients of 0 adds to them.</summary>
    private static float[] Noise(FlatModel model, Sgd optimizer)
    {
        var weight = model.Parameters["weight"];
        weight.CopyFrom(new float[weight.Count]);
        weight.Gradient.CopyFrom(new float[weight.Count]);
        optimizer.Update(model);
        return Array.ConvertAll(weight.ToArray(), static value => -value);
    }
}
