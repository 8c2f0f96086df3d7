using ModelDsl.Compiled;
using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Models;

public class PredictTests
{
    private static readonly float[] Inputs = [1, 2, 3, -1, 0, 1];

    [Fact]
    public void Predict_applies_the_link_and_PredictLogits_does_not()
    {
        using var model = ModelTests.Known();
        Assert.Equal([29f, 63f, 5f, 3f], model.Predict(Inputs));
        var logits = new float[4];
        model.PredictLogits(Inputs, logits);
        Assert.Equal([14.5f, 31.5f, 2.5f, 1.5f], logits);
    }

    [Fact]
    public void Many_samples_are_predicted_in_pieces_with_the_same_result()
    {
        using var model = ModelTests.Known();
        var inputs = Enumerable.Range(0, 3 * 5003).Select(i => (float)(i % 17)).ToArray();
        var outputs = model.Predict(inputs);
        Assert.Equal(2 * 5003, outputs.Length);
        foreach (var sample in (int[])[0, 1023, 1024, 5002])
            Assert.Equal(model.Predict(inputs.AsSpan(3 * sample, 3)), outputs.AsSpan(2 * sample, 2).ToArray());
    }

    [Fact]
    public void Wrong_lengths_name_what_was_expected()
    {
        using var model = ModelTests.Known();
        Assert.Contains(
            "'input' of LinearModel takes 3 values per sample [3], but the span has 4",
            Assert.Throws<ArgumentException>(() => model.Predict(new float[4])).Message,
            StringComparison.Ordinal);
        Assert.Contains("no sample", Assert.Throws<ArgumentException>(() => model.Predict([])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "2 values per sample, 4 for 2, but the span has 3",
            Assert.Throws<ArgumentException>(() => model.Predict(Inputs, new float[3])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_between_Forward_and_Backward_destroys_nothing()
    {
        using var model = ModelTests.Known();
        var batch = Batch.Of(2, Inputs, [1f, 0, 0, 1]);
        model.Forward(batch);
        model.Backward(batch);
        var expected = model.Gradients["dense1.weight"].ToArray();
        model.Forward(batch);
        model.Predict(new float[300]);
        model.Backward(batch);
        Assert.Equal(expected, model.Gradients["dense1.weight"].ToArray());
    }

    [Fact]
    public void Infer_gives_outputs_and_loss_of_a_batch()
    {
        using var model = ModelTests.Known();
        var batch = Batch.Of(2, Inputs, [1f, 0, 0, 1]);
        model.Forward(batch);
        using (var result = model.Infer(batch, InferParts.Loss | InferParts.OutputActivation))
        {
            Assert.Equal(model.LastLoss, result.Loss);
            Assert.Equal([14.5f, 31.5f, 2.5f, 1.5f], result.Outputs().ToArray());
            Assert.Equal([29f, 63f, 5f, 3f], result.Activated().ToArray());
        }

        using var withoutTargets = model.Infer(Batch.Of(2, Inputs));
        Assert.Equal(14.5f, withoutTargets.Outputs()[0]);
        Assert.Throws<ArgumentException>(() => model.Infer(Batch.Of(2, Inputs), InferParts.Loss).Dispose());
        Assert.Throws<InvalidOperationException>(() => Loss(model, batch));

        static float Loss(LinearModel model, Batch batch)
        {
            using var result = model.Infer(batch);
            return result.Loss;
        }
    }

    [Fact]
    public void Large_inferences_use_the_threads_with_the_same_result()
    {
        using var device = new CpuDevice { Threads = 3 };
        using var model = new LinearModel(seed: 1, device, flops: 10_000_000);
        using var small = new LinearModel(seed: 1);
        var inputs = Enumerable.Range(0, 300).Select(i => (float)i).ToArray();
        var workers = 0;
        model.Program.OnPass = _ => Interlocked.Increment(ref workers);
        Assert.Equal(small.Predict(inputs), model.Predict(inputs));
        Assert.Equal(3, workers);
        using (model.Infer(Batch.Of(1, [1f, 2, 3])))
            Assert.Equal(6, workers);

        // A single prediction of middle size does not wake threads that sleep.
        Thread.Sleep(200);
        model.Predict([1f, 2, 3]);
        Assert.Equal(7, workers);
    }

    [Fact]
    public async Task Predictions_run_beside_each_other_with_the_right_results()
    {
        using var model = ModelTests.Known();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(task => Task.Run(() =>
        {
            var input = new float[] { task, 0, 0 };
            var output = new float[2];
            for (var i = 0; i < 5_000; i++)
            {
                model.Predict(input, output);
                Assert.Equal(2 * (task + 0.5f), output[0]);
            }
        })));
    }

    [Fact]
    public async Task While_a_session_trains_other_threads_are_turned_away()
    {
        using var model = ModelTests.Known();
        using (model.BeginTraining())
        {
            Assert.Equal(29f, model.Predict(Inputs)[0]);
            Assert.Throws<InvalidOperationException>(() => model.BeginTraining());
            await OnAnotherThread(() =>
            {
                Assert.Contains("another thread", Assert.Throws<InvalidOperationException>(() => model.Predict(Inputs)).Message, StringComparison.Ordinal);
                Assert.Throws<InvalidOperationException>(() => model.Forward(Batch.Of(2, Inputs, [1f, 0, 0, 1])));
                Assert.Throws<InvalidOperationException>(() => model.Save("never"));
                Assert.Throws<InvalidOperationException>(() => model.Parameters["scale"][[]] = 1f);
            }).ConfigureAwait(true);
        }

        await OnAnotherThread(() => Assert.Equal(29f, model.Predict(Inputs)[0])).ConfigureAwait(true);
    }

    [Fact]
    public async Task A_second_thread_in_Forward_is_turned_away()
    {
        using var model = ModelTests.Known();
        var batch = Batch.Of(2, Inputs, [1f, 0, 0, 1]);
        using var entered = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        model.Program.OnPass = _ =>
        {
            entered.Set();
            leave.Wait();
        };
        var first = Task.Run(() => model.Forward(batch));
        entered.Wait();
        Assert.Contains("One model trains on one thread", Assert.Throws<InvalidOperationException>(() => model.Forward(batch)).Message, StringComparison.Ordinal);
        leave.Set();
        await first;
    }

    [Fact]
    public async Task An_update_waits_for_running_predictions()
    {
        using var model = ModelTests.Known();
        var batch = Batch.Of(2, Inputs, [1f, 0, 0, 1]);
        model.Forward(batch);
        model.Backward(batch);
        using var entered = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        model.Program.OnPass = _ =>
        {
            entered.Set();
            leave.Wait();
        };
        var prediction = Task.Run(() => model.Predict(Inputs));
        entered.Wait();
        var update = Task.Run(() => new Sgd(0.1).Update(model));
        await Task.Delay(30);
        Assert.False(update.IsCompleted);
        leave.Set();
        Assert.Equal(29f, (await prediction)[0]);
        await update;
    }

    private static Task OnAnotherThread(Action action) => Task.Factory.StartNew(
        action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
