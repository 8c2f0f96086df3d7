using ModelDsl.Devices;
using ModelDsl.Optimizers;
using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Optimizers;

public class OptimizerTests
{
    public static TheoryData<string> Names => ["Sgd", "Adam", "AdamW", "RmsProp", "AdaGrad", "NAdam", "RAdam", "Lion", "Clipped"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Threads_vector_widths_and_devices_do_not_change_a_bit(string name)
    {
        const int Length = 50_003;
        var expected = Run(new CpuDevice { VectorBits = 512, Threads = 1 });
        Assert.All(expected, value => Assert.True(float.IsFinite(value)));
        foreach (var (bits, threads) in ((int, int)[])[(512, 2), (256, 1), (128, 3), (512, 8)])
            Assert.Equal(expected, Run(new CpuDevice { VectorBits = bits, Threads = threads }));

        // A device of another kind runs the same rules element by element; its norm is its own business.
        if (name != "Clipped")
            Assert.Equal(expected, Run(new ArrayDevice()));

        float[] Run(Device device)
        {
            using var owned = device;
            using var model = new FlatModel(Length, device);
            var optimizer = Create(name);
            var random = new System.Random(3);
            var gradient = new float[Length];
            for (var step = 0; step < 4; step++)
            {
                for (var i = 0; i < Length; i++)
                    gradient[i] = (random.NextSingle() - 0.5f) * step;
                model.Gradients["weight"].CopyFrom(gradient);
                optimizer.Update(model);
            }

            return model.Parameters["weight"].ToArray();
        }
    }

    [Fact]
    public void Layers_may_set_their_own_weight_decay()
    {
        using var model = new FlatModel(
            Device.Cpu, ("a", [3], double.NaN), ("b", [3], 0.0), ("c", [40], 0.5), ("d", [3], double.NaN), ("e", [3], 0.1));
        foreach (var parameter in model.Parameters)
            parameter.CopyFrom([.. Enumerable.Repeat(1f, parameter.Count)]);
        model.Gradients["a"].CopyFrom([0, 0, 0]);
        new Sgd(1, weightDecay: 0.1).Update(model);
        float[] expected = [0.9f, 1f, 0.5f, 0.9f, 0.9f];
        for (var i = 0; i < expected.Length; i++)
            Assert.All(model.Parameters[i].ToArray(), value => Assert.Equal(expected[i], value, 1e-7));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Frozen_parameters_and_pads_stay(string name)
    {
        using var model = new LinearModel(seed: 1);
        var batch = Batch.Of(2, [1f, 2, 3, -1, 0, 1], [1f, 0, 0, 1]);
        var optimizer = Create(name);
        for (var step = 0; step < 5; step++)
        {
            model.Forward(batch);
            model.Backward(batch);
            optimizer.Update(model);
        }

        Assert.Equal(1f, model.Parameters["scale"][[]]);
        var parameters = Flat(model);
        for (var i = 0; i < 64; i++)
            Assert.True(parameters[i] != 0 == (i % 16 < 2 && i < 48 + 2), $"place {i} holds {parameters[i]}");
    }

    [Fact]
    public void Each_model_has_its_own_state()
    {
        var optimizer = new Sgd(1, momentum: 0.5);
        using var one = new FlatModel(16);
        using var two = new FlatModel(16);
        foreach (var model in (Model[])[one, two])
        {
            model.Parameters["weight"].CopyFrom(new float[16]);
            model.Gradients["weight"].CopyFrom([.. Enumerable.Repeat(1f, 16)]);
        }

        optimizer.Update(one);
        optimizer.Update(one);
        optimizer.Update(two);
        Assert.Equal(-2.5f, one.Parameters["weight"][0]);
        Assert.Equal(-1f, two.Parameters["weight"][0]);
    }

    [Fact]
    public void States_never_hold_subnormal_numbers()
    {
        StaysNormal(new Sgd.Rule(1e-2f, 0.9f, 1f, 0));
        StaysNormal(new AdamRule(1e-3, 0.9, 0.99, 1e-8, decoupled: false, amsGrad: false, update: 1));
        StaysNormal(new MomentRule(0.9, 0.99, 1e-3, 1e-3, 1e-8, isScaled: true));
        StaysNormal(new Lion.Rule(1e-3, 0.9, 0.99));
        StaysNormal(new RmsProp.Rule(1e-3f, 0.9f, 0.1f, 1e-8f, 0.5f, 1));

        static void StaysNormal<TRule>(TRule rule)
            where TRule : struct, IUpdateRule
        {
            ScalarLane parameter = new(1f), first = new(0f), second = new(0f), third = new(0f);
            rule.Apply(ref parameter, new ScalarLane(1e-3f), new ScalarLane(0f), ref first, ref second, ref third);
            for (var step = 0; step < 10_000; step++)
            {
                rule.Apply(ref parameter, new ScalarLane(0f), new ScalarLane(0f), ref first, ref second, ref third);
                foreach (var state in (ScalarLane[])[first, second, third])
                    Assert.False(float.IsSubnormal(state.Value), $"{rule}: {first.Value:g3}, {second.Value:g3}, {third.Value:g3} at step {step}");
            }

            Assert.Equal((0f, 0f, 0f), (first.Value, second.Value, third.Value));
        }
    }

    [Fact]
    public unsafe void Every_width_takes_the_same_numbers_for_subnormal()
    {
        float[] values =
        [
            0f, -0f, float.Epsilon, -float.Epsilon, 1.1754942e-38f, -1.1754942e-38f, ScalarLane.LeastNormal, -ScalarLane.LeastNormal,
            1e-37f, -1f, 3f, float.MaxValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 5.877472e-39f,
        ];
        var expected = values.Select(value => BitConverter.SingleToInt32Bits(float.IsSubnormal(value) || value == 0 ? 0f : value)).ToArray();
        Check<ScalarLane>();
        Check<Lanes4>();
        Check<Lanes8>();
        Check<Lanes16>();

        void Check<TLanes>()
            where TLanes : struct, ILanes<TLanes>
        {
            var results = new float[values.Length];
            fixed (float* from = values, to = results)
            {
                for (var i = 0; i < values.Length; i += TLanes.Count)
                    TLanes.Store(TLanes.Normal(TLanes.Load(from + i)), to + i);
            }

            Assert.Equal(expected, results.Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public void Gradients_of_NaN_stay_NaN_when_clipped()
    {
        using var model = new FlatModel(32);
        model.Gradients["weight"].CopyFrom([.. Enumerable.Range(0, 32).Select(i => i == 20 ? float.NaN : i == 21 ? float.NegativeInfinity : 3f)]);
        model.Parameters["weight"].CopyFrom(new float[32]);
        new Sgd(1) { ClipValue = 0.5 }.Update(model);
        Assert.True(float.IsNaN(model.Parameters["weight"][20]));
        Assert.Equal(0.5f, model.Parameters["weight"][21]);
        Assert.Equal(-0.5f, model.Parameters["weight"][22]);
    }

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(1, momentum: 1));
        Assert.Throws<ArgumentException>(() => new Sgd(1, nesterov: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(1, beta2: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(epsilon: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(weightDecay: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam { LearningRate = double.PositiveInfinity });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam { ClipNorm = 0 });
        Assert.Throws<ArgumentNullException>(() => new Adam().Update((Model)null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NAdam(momentumDecay: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RAdam(beta2: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Lion(beta1: -0.1));
    }

    [Fact]
    public void One_optimizer_of_several_models_has_a_momentum_for_each()
    {
        var (shared, alone) = (new NAdam(0.1), new NAdam(0.1));
        using var one = new FlatModel(16);
        using var two = new FlatModel(16);
        using var reference = new FlatModel(16);
        foreach (var model in (Model[])[one, two, reference])
        {
            model.Parameters["weight"].CopyFrom(new float[16]);
            model.Gradients["weight"].CopyFrom([.. Enumerable.Repeat(1f, 16)]);
        }

        for (var step = 0; step < 3; step++)
        {
            shared.Update(one);
            if (step < 2)
                shared.Update(two);
            alone.Update(reference);
        }

        Assert.Equal(reference.Parameters["weight"].ToArray(), one.Parameters["weight"].ToArray());
    }

    internal static Optimizer Create(string name) => name switch
    {
        "Sgd" => new Sgd(0.01, momentum: 0.9, nesterov: true, weightDecay: 0.01),
        "Adam" => new Adam(0.01, amsGrad: true),
        "AdamW" => new AdamW(0.01),
        "RmsProp" => new RmsProp(0.01, momentum: 0.5, centered: true),
        "AdaGrad" => new AdaGrad(0.01, initialAccumulator: 0.1),
        "NAdam" => new NAdam(0.01, weightDecay: 0.01),
        "RAdam" => new RAdam(0.01, beta2: 0.6),
        "Lion" => new Lion(0.01, weightDecay: 0.1),
        "Lamb" => new Lamb(0.01),
        "Adafactor" => new Adafactor(0.01, weightDecay: 0.1),
        _ => new Adam(0.01) { ClipNorm = 0.7, ClipValue = 0.01 },
    };

    /// <summary>The whole flat parameter buffer, pads included.</summary>
    private static float[] Flat(Model model)
    {
        using var access = model.BeginUpdate(out var device);
        var parameters = new float[device.Parameters.Length];
        device.Parameters.Read(0, parameters);
        return parameters;
    }
}
