using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Support;
using ModelDsl.Runtime.Tests.Training;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Optimizers;

/// <summary>Parameters with their own learning rates, and parameters that are frozen for a while.</summary>
public sealed class ParameterRateTests
{
    private static readonly string[] Letters = ["a", "b", "c"];

    [Theory]
    [MemberData(nameof(OptimizerTests.Names), MemberType = typeof(OptimizerTests))]
    public void A_scaled_parameter_is_that_of_an_optimizer_with_this_rate(string name)
    {
        foreach (var device in (Device[])[Device.Cpu, new ArrayDevice()])
        {
            using var model = Three(device);
            using var slow = Three(device);
            var (optimizer, slower) = (OptimizerTests.Create(name), OptimizerTests.Create(name));
            (optimizer.ClipNorm, slower.ClipNorm) = (double.PositiveInfinity, double.PositiveInfinity);
            optimizer.Scale("b*", 0.25);
            slower.LearningRate = optimizer.LearningRate * 0.25;
            Steps(5, (model, optimizer), (slow, slower));
            Assert.Equal(slow.Parameters["b"].ToArray(), model.Parameters["b"].ToArray());
            Assert.NotEqual(slow.Parameters["a"].ToArray(), model.Parameters["a"].ToArray());
            Assert.Equal(0.01, optimizer.LearningRate);
        }
    }

    [Theory]
    [MemberData(nameof(OptimizerTests.Names), MemberType = typeof(OptimizerTests))]
    public void A_frozen_parameter_and_its_state_do_not_change(string name)
    {
        using var device = new ArrayDevice();
        foreach (var on in (Device[])[Device.Cpu, device])
        {
            using var model = Three(on);
            using var free = Three(on);
            var (optimizer, other) = (OptimizerTests.Create(name), OptimizerTests.Create(name));
            (optimizer.ClipNorm, other.ClipNorm) = (double.PositiveInfinity, double.PositiveInfinity);
            Steps(2, (model, optimizer), (free, other));
            var before = model.Parameters["b"].ToArray();
            optimizer.Freeze("b");
            Steps(3, (model, optimizer), (free, other));
            Assert.Equal(before, model.Parameters["b"].ToArray());
            Assert.Equal(free.Parameters["a"].ToArray(), model.Parameters["a"].ToArray());
            Assert.Equal(free.Parameters["c"].ToArray(), model.Parameters["c"].ToArray());

            // It continues as if there had been no updates meanwhile: with its state, and its own number of updates.
            optimizer.Unfreeze("*");
            Steps(2, (model, optimizer));
            using var expected = Three(on);
            var same = OptimizerTests.Create(name);
            same.ClipNorm = double.PositiveInfinity;
            Steps(4, (expected, same));
            Assert.Equal(expected.Parameters["b"].ToArray(), model.Parameters["b"].ToArray());
        }
    }

    [Fact]
    public void The_norm_is_that_of_gradients_that_are_not_frozen()
    {
        using var model = Three(Device.Cpu);
        using var two = new FlatModel(Device.Cpu, ("a", [20], double.NaN), ("c", [40], 0.1));
        var (optimizer, other) = (new Sgd(1) { ClipNorm = 0.5 }, new Sgd(1) { ClipNorm = 0.5 });
        optimizer.Freeze("b");
        foreach (var name in (string[])["a", "c"])
            two.Parameters[name].CopyFrom(model.Parameters[name].ToArray());
        foreach (var gradient in model.Gradients.Concat(two.Gradients))
            gradient.CopyFrom([.. Enumerable.Range(0, gradient.Count).Select(i => gradient.Name == "b" ? float.NaN : i)]);
        optimizer.Update(model);
        other.Update(two);
        foreach (var name in (string[])["a", "c"])
        {
            foreach (var (i, value) in two.Parameters[name].ToArray().Index())
                Assert.Equal(value, model.Parameters[name][i], 1e-6f);
        }
    }

    [Fact]
    public void Of_several_rules_the_last_is_valid()
    {
        using var model = Three(Device.Cpu);
        foreach (var parameter in model.Parameters)
            parameter.CopyFrom(new float[parameter.Count]);
        foreach (var gradient in model.Gradients)
            gradient.CopyFrom([.. Enumerable.Repeat(1f, gradient.Count)]);
        var optimizer = new Sgd(1);
        optimizer.Scale("*", 0.5);
        optimizer.Scale("b", 2);
        optimizer.Freeze("*");
        optimizer.Unfreeze("a");
        optimizer.Unfreeze("b");
        optimizer.Update(model);
        Assert.Equal((-0.5f, -2f, 0f), (model.Parameters["a"][0], model.Parameters["b"][0], model.Parameters["c"][0]));
        optimizer.Scale("b", 1);
        optimizer.Unfreeze("*");
        optimizer.Update(model);
        Assert.Equal((-1f, -3f, -0.5f), (model.Parameters["a"][0], model.Parameters["b"][0], model.Parameters["c"][0]));
    }

    [Fact]
    public void A_pattern_without_a_parameter_is_an_error_that_names_the_nearest()
    {
        using var model = new SmoothNet(seed: 1);
        var optimizer = new Sgd();
        optimizer.Freeze("dens1*");
        var exception = Assert.Throws<InvalidOperationException>(() => new Trainer(optimizer) { View = TrainingView.None }.Fit(model, TrainingData.Linear(8)));
        Assert.Contains("Freeze(\"dens1*\") matches no trainable parameter of SmoothNet. Did you mean 'dense1'?", exception.Message, StringComparison.Ordinal);

        using var linear = new LinearModel();
        var other = new Sgd();
        other.Scale("scale", 0.5);
        linear.Gradients[0].CopyFrom(new float[6]);
        linear.Gradients[1].CopyFrom(new float[2]);
        Assert.Contains("'scale' is frozen by its layer", Assert.Throws<InvalidOperationException>(() => other.Update(linear)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => other.Freeze(""));
    }

    [Fact]
    public void Parameters_are_unfrozen_at_an_epoch()
    {
        using var model = new SmoothNet(seed: 1);
        var optimizer = new Adam(1e-2);
        var first = new List<float>();
        var second = new List<float>();
        var recorder = new Recorder((run, _) =>
        {
            first.Add(run.Model.Parameters["dense1.weight"][0, 0]);
            second.Add(run.Model.Parameters["dense2.weight"][0, 0]);
        });
        var start = model.Parameters["dense1.weight"][0, 0];
        new Trainer(optimizer) { Epochs = 4, View = TrainingView.None, Callbacks = [recorder, new UnfreezeAt(epoch: 3, "dense1")] }.Fit(model, TrainingData.Linear(64));
        Assert.Equal([start, start], first[..2]);
        Assert.NotEqual(start, first[2]);
        Assert.Equal(4, second.Distinct().Count());

        // A run that ends earlier leaves the optimizer as it was.
        new Trainer(optimizer) { Epochs = 1, View = TrainingView.None, Callbacks = [new UnfreezeAt(epoch: 3, "dense1")] }.Fit(model, TrainingData.Linear(64));
        Assert.Equal(first[3], model.Parameters["dense1.weight"][0, 0]);
        new Trainer(optimizer) { Epochs = 1, View = TrainingView.None }.Fit(model, TrainingData.Linear(64));
        Assert.NotEqual(first[3], model.Parameters["dense1.weight"][0, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnfreezeAt(0, "*"));
    }

    [Fact]
    public void Parameters_are_frozen_at_an_epoch_and_trained_again_in_the_next_run()
    {
        using var model = new SmoothNet(seed: 1);
        var optimizer = new Adam(1e-2);
        var first = new List<float>();
        var second = new List<float>();
        var recorder = new Recorder((run, _) =>
        {
            first.Add(run.Model.Parameters["dense1.weight"][0, 0]);
            second.Add(run.Model.Parameters["dense2.weight"][0, 0]);
        });
        new Trainer(optimizer) { Epochs = 4, View = TrainingView.None, Callbacks = [recorder, new FreezeAt(epoch: 3, "dense1")] }.Fit(model, TrainingData.Linear(64));
        Assert.NotEqual(first[0], first[1]);
        Assert.Equal([first[1], first[1]], first[2..]);
        Assert.Equal(4, second.Distinct().Count());

        new Trainer(optimizer) { Epochs = 1, View = TrainingView.None }.Fit(model, TrainingData.Linear(64));
        Assert.NotEqual(first[3], model.Parameters["dense1.weight"][0, 0]);
        var before = Recorder.WeightsOf(model);
        new Trainer(optimizer) { Epochs = 1, View = TrainingView.None, Callbacks = [new FreezeAt(epoch: 1, "*")] }.Fit(model, TrainingData.Linear(64));
        Assert.Equal(before, Recorder.WeightsOf(model));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FreezeAt(0, "*"));
    }

    [Fact]
    public void A_loop_is_resumed_with_its_frozen_parameters()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(Run("whole", stop: -1), Run("stopped", stop: 5) ?? Run("stopped", stop: -1));

        string? Run(string name, int stop)
        {
            using var model = new SmoothNet(seed: 1);
            var optimizer = new Adam(1e-2);
            optimizer.Scale("dense1", 0.1);
            using var run = new CheckpointedRun(new(Path.Combine(folder.Path, name)), model, TrainingData.Linear(64).Batches(8), [optimizer]);
            foreach (var batch in run.Batches())
            {
                if (run.Steps == 2)
                    optimizer.Freeze("dense1.bias");
                if (run.Steps == 6)
                    optimizer.Unfreeze("dense1.bias");
                model.Forward(batch);
                model.Backward(batch);
                optimizer.Update(model);
                run.StepEnded();
                if (run.Steps == stop)
                {
                    run.Save();
                    return null;
                }
            }

            return string.Join(' ', Recorder.WeightsOf(model));
        }
    }

    [Fact]
    public void Other_rates_are_an_error_when_a_run_continues()
    {
        using var folder = new TemporaryFolder();
        Fit(new Adam());
        var changed = new Adam();
        changed.Scale("dense1", 0.5);
        Assert.Contains("Scale(\"dense1\", 0.5)", Assert.Throws<CheckpointMismatchException>(() => Fit(changed)).Message, StringComparison.Ordinal);

        void Fit(Optimizer optimizer)
        {
            using var model = new SmoothNet(seed: 1);
            new Trainer(optimizer) { Epochs = 1, View = TrainingView.None, Checkpoint = new(folder.Path) }.Fit(model, TrainingData.Linear(64));
        }
    }

    [Fact]
    public void Updates_allocate_nothing()
    {
        using var model = Three(Device.Cpu);
        var optimizer = new Adam { ClipNorm = 1 };
        optimizer.Scale("a", 0.1);
        optimizer.Freeze("b");
        Steps(1, (model, optimizer));
        Assert.Equal(0, Allocation.Least(() => optimizer.Update(model)));
    }

    private static FlatModel Three(Device device) => new(device, ("a", [20], double.NaN), ("b", [35], double.NaN), ("c", [40], 0.1));

    /// <summary>Updates with gradients that depend on the parameter and on the number of its updates only.</summary>
    private static void Steps(int steps, params (Model Model, Optimizer Optimizer)[] all)
    {
        for (var step = 0; step < steps; step++)
        {
            foreach (var (model, optimizer) in all)
            {
                foreach (var (index, name) in Letters.Index())
                    model.Gradients[name].CopyFrom([.. Enumerable.Range(0, model.Gradients[name].Count).Select(i => MathF.Sin((7 * index) + i))]);
                optimizer.Update(model);
            }
        }
    }
}
