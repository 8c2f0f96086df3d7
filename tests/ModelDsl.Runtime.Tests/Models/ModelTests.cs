using ModelDsl.Compiled;
using ModelDsl.Runtime.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Models;

public class ModelTests
{
    private static readonly float[] Inputs = [1, 2, 3, -1, 0, 1];
    private static readonly float[] Targets = [1, 0, 0, 1];

    [Fact]
    public void A_step_gives_outputs_loss_and_gradients()
    {
        using var model = Known();
        var batch = Batch.Of(2, Inputs, Targets);

        model.Forward(batch);
        model.Backward(batch);

        // y = Wx + b by hand: W = [[1, 2, 3], [4, 5, 6]], b = [0.5, -0.5].
        Assert.Equal([14.5f, 31.5f, 2.5f, 1.5f], model.LastOutputs().ToArray());
        Assert.Equal(((13.5f * 13.5f) + (31.5f * 31.5f) + (2.5f * 2.5f) + (0.5f * 0.5f)) / 4f, model.LastLoss);
        Assert.Equal([(13.5f + 2.5f) / 2, (31.5f + 0.5f) / 2], model.Gradients["dense1.bias"].ToArray());
        Assert.Equal((13.5f * 3 + 2.5f) / 2, model.Parameters["dense1.weight"].Gradient[0, 2]);
    }

    [Fact]
    public void Parameters_are_seen_by_their_logical_shape()
    {
        using var model = Known();
        var weight = model.Parameters["dense1.weight"];

        Assert.Equal([2, 3], weight.Shape);
        Assert.Equal(6, weight.Count);
        Assert.Equal(6f, weight[1, 2]);
        Assert.Equal([1f, 2, 3, 4, 5, 6], weight.ToArray());
        weight[0, 1] = 7f;
        Assert.Equal([1f, 7, 3, 4, 5, 6], weight.ToArray());
        Assert.True(weight.IsTrainable);
        Assert.Equal("dense1.weight [2, 3]", weight.ToString());

        Assert.Equal(1f, model.Parameters["scale"][[]]);
        Assert.False(model.Parameters["scale"].IsTrainable);
        Assert.Throws<InvalidOperationException>(() => model.Parameters["scale"].Gradient);
        Assert.Equal(["dense1.weight", "dense1.bias"], model.Gradients.Select(g => g.Name));
        Assert.Contains("dense1.bias", Assert.Throws<KeyNotFoundException>(() => model.Parameters["dense1.w"]).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => weight[0, 3]);
        Assert.Throws<ArgumentException>(() => weight[0]);
        Assert.Throws<ArgumentException>(() => weight.CopyFrom(new float[5]));
        Assert.Throws<ArgumentException>(() => weight.CopyTo(new float[7]));
    }

    [Fact]
    public void Any_number_of_threads_and_any_batch_size_give_the_same_bits()
    {
        var random = new System.Random(1);
        var inputs = Enumerable.Range(0, 51 * 3).Select(_ => random.NextSingle()).ToArray();
        var targets = Enumerable.Range(0, 51 * 2).Select(_ => random.NextSingle()).ToArray();
        var expected = Run(1);
        foreach (var threads in (int[])[2, 3, 8, 64])
            Assert.Equal(expected, Run(threads));

        float[] Run(int threads)
        {
            using var device = new CpuDevice { Threads = threads };
            using var model = new LinearModel(seed: 3, device, flops: 10_000_000);
            var workers = 0;
            model.Program.OnPass = _ => Interlocked.Increment(ref workers);
            var batch = Batch.Of(51, inputs, targets);
            model.Forward(batch);
            Assert.Equal(threads, workers);
            model.Backward(batch);
            return [.. model.LastOutputs(), model.LastLoss, .. model.Gradients.SelectMany(g => g.ToArray())];
        }
    }

    [Fact]
    public void Small_steps_stay_on_the_calling_thread()
    {
        using var device = new CpuDevice { Threads = 4 };
        using var model = new LinearModel(device: device, flops: 10);
        var threads = new HashSet<int>();
        model.Program.OnPass = worker => threads.Add(worker.Count * 1000 + Environment.CurrentManagedThreadId);
        model.Forward(Batch.Of(2, Inputs, Targets));
        Assert.Equal([1000 + Environment.CurrentManagedThreadId], threads);
    }

    [Fact]
    public void A_failure_in_any_worker_reaches_the_caller_and_the_next_step_works()
    {
        using var device = new CpuDevice { Threads = 3 };
        using var model = new LinearModel(device: device, flops: 10_000_000);
        var batch = Batch.Of(2, Inputs, Targets);
        for (var failing = 0; failing < 3; failing++)
        {
            model.Program.OnPass = worker =>
            {
                if (worker.Index == failing)
                    throw new ArithmeticException($"worker {failing}");
            };
            Assert.Equal($"worker {failing}", Assert.Throws<ArithmeticException>(() => model.Forward(batch)).Message);
            Assert.Throws<InvalidOperationException>(() => model.LastLoss);
            model.Program.OnPass = static _ => { };
            model.Forward(batch);
            Assert.True(float.IsFinite(model.LastLoss));
        }
    }

    [Fact]
    public void Steps_do_not_allocate()
    {
        using var device = new CpuDevice { Threads = 2 };
        using var model = new LinearModel(device: device, flops: 10_000_000);
        var batch = Batch.Of(2, Inputs, Targets);
        var output = new float[4];
        var optimizer = new Sgd(0.01);
        Assert.Equal(0, Allocation.Least(Steps));

        void Steps()
        {
            for (var i = 0; i < 100; i++)
                Step();
        }

        void Step()
        {
            model.Forward(batch);
            model.Backward(batch);
            optimizer.Update(model);
            _ = model.LastLoss;
            model.Predict(Inputs, output);
        }
    }

    [Fact]
    public void Capacity_grows_in_sixteens_and_never_shrinks()
    {
        using var model = Known();
        Assert.Equal(0, model.BatchCapacity);
        model.EnsureBatchCapacity(17);
        Assert.Equal(32, model.BatchCapacity);
        model.Forward(Batch.Of(2, Inputs, Targets));
        Assert.Equal(32, model.BatchCapacity);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.EnsureBatchCapacity(0));
        foreach (var samples in (int[])[2_000_000_000, int.MaxValue - 20, int.MaxValue - 7, int.MaxValue])
            Assert.Contains("smaller batches", Assert.Throws<InvalidOperationException>(() => model.EnsureBatchCapacity(samples)).Message, StringComparison.Ordinal);
        Assert.Equal(32, model.BatchCapacity);
    }

    [Fact]
    public void Wrong_order_of_calls_is_explained()
    {
        using var model = Known();
        var batch = Batch.Of(2, Inputs, Targets);
        Assert.Contains("Forward", Assert.Throws<InvalidOperationException>(() => model.LastLoss).Message, StringComparison.Ordinal);
        Assert.Contains("Forward", Assert.Throws<InvalidOperationException>(() => model.LastOutputs()).Message, StringComparison.Ordinal);
        Assert.Contains("Forward", Assert.Throws<InvalidOperationException>(() => model.Backward(batch)).Message, StringComparison.Ordinal);
        model.Forward(batch);
        Assert.Contains("Backward", Assert.Throws<InvalidOperationException>(() => new Sgd(0.1).Update(model)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => model.Backward(Batch.Of(2, Inputs, Targets)));
        model.EnsureBatchCapacity(1000);
        Assert.Throws<InvalidOperationException>(() => model.Backward(batch));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.LastOutputs(1));
    }

    [Fact]
    public void A_Forward_is_good_for_one_Backward()
    {
        using var model = Known();
        var batch = Batch.Of(2, Inputs, Targets);
        model.Forward(batch);
        model.Backward(batch);
        var gradient = model.Gradients["dense1.weight"].ToArray();
        Assert.Equal(
            "Backward of LinearModel has already run for this Forward, and has overwritten the values that Forward computed: call Forward with the batch again.",
            Assert.Throws<InvalidOperationException>(() => model.Backward(batch)).Message);
        _ = (model.LastLoss, model.LastOutputs().Length);
        model.Forward(batch);
        model.Backward(batch);
        Assert.Equal(gradient, model.Gradients["dense1.weight"].ToArray());
    }

    [Fact]
    public void A_disposed_model_says_so_and_spans_stay_valid()
    {
        var model = Known();
        var batch = Batch.Of(2, Inputs, Targets);
        model.Forward(batch);
        var outputs = model.LastOutputs();
        model.Dispose();
        model.Dispose();
        GC.Collect();
        Assert.Equal(14.5f, outputs[0]);
        Assert.Throws<ObjectDisposedException>(() => model.Forward(batch));
        Assert.Throws<ObjectDisposedException>(() => model.Backward(batch));
        Assert.Throws<ObjectDisposedException>(() => model.Predict(Inputs));
        Assert.Throws<ObjectDisposedException>(() => model.LastLoss);
        Assert.Throws<ObjectDisposedException>(() => model.Parameters["scale"].ToArray());
        Assert.Throws<ObjectDisposedException>(() => model.Save("x"));
        Assert.Throws<ObjectDisposedException>(() => new Sgd(0.1).Update(model));
    }

    [Fact]
    public void The_summary_lists_layers_and_totals()
    {
        using var model = Known();
        Assert.Equal(
            """
            LinearModel
            Layer   Kind      Output  Parameters  FLOPs/sample  Bytes/sample
            ────────────────────────────────────────────────────────────────
            dense1  Dense(2)  [N, 2]           8            14             8
            ────────────────────────────────────────────────────────────────
            Total                              8            14             8
            Frozen: 1 parameters

            """,
            model.Summary());
    }

    [Fact]
    public void Two_models_train_on_one_device_at_the_same_time()
    {
        using var device = new CpuDevice { Threads = 2 };
        var losses = new float[2];
        var threads = Enumerable.Range(0, 2).Select(i => new Thread(() =>
        {
            using var model = new LinearModel(seed: 1, device, flops: 10_000_000);
            var batch = Batch.Of(2, Inputs, Targets);
            var optimizer = new Sgd(0.01);
            for (var step = 0; step < 300; step++)
            {
                model.Forward(batch);
                model.Backward(batch);
                optimizer.Update(model);
            }

            losses[i] = model.LastLoss;
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.Equal(losses[0], losses[1]);
        Assert.InRange(losses[0], 0f, 1f);
    }

    [Fact]
    public void A_disposed_device_leaves_its_models_working()
    {
        var device = new CpuDevice { Threads = 2 };
        using var model = new LinearModel(device: device, flops: 10_000_000);
        var batch = Batch.Of(2, Inputs, Targets);
        model.Forward(batch);
        var loss = model.LastLoss;
        device.Dispose();
        device.Dispose();
        model.Forward(batch);
        Assert.Equal(loss, model.LastLoss);
        Assert.Throws<ObjectDisposedException>(() => new LinearModel(device: device));
    }

    internal static LinearModel Known()
    {
        var model = new LinearModel(seed: 1);
        model.Parameters["dense1.weight"].CopyFrom([1, 2, 3, 4, 5, 6]);
        model.Parameters["dense1.bias"].CopyFrom([0.5f, -0.5f]);
        return model;
    }
}
