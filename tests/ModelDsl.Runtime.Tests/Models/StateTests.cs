using System.Buffers.Binary;
using System.Text;
using ModelDsl.Runtime.Tests.Training;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Models;

[Model, Input(3), Dense(20), BatchNorm, Relu, Dense(2), MeanSquaredError]
internal sealed partial class NormedNet;

/// <summary>The states of a model: changed by training steps, saved, loaded and restored with the parameters, and not updated by optimizers.</summary>
public sealed class StateTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl").FullName;

    private string Path => System.IO.Path.Combine(folder, "net.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_step_changes_states_once_when_it_goes_backward()
    {
        using var model = new NormedNet(seed: 1);
        Assert.Equal(["batchNorm1.running_mean", "batchNorm1.running_var"], model.States.Select(state => state.Name));
        Assert.DoesNotContain(model.Parameters, parameter => parameter.Name.Contains("running", StringComparison.Ordinal));
        Assert.All(model.States[0].ToArray(), value => Assert.Equal(0, value));
        Assert.All(model.States[1].ToArray(), value => Assert.Equal(1, value));

        var batch = Batch.Of(2, [1f, 2, 3, -1, 0, 1], [0f, 0, 0, 0]);
        model.Forward(batch);
        model.Forward(batch);
        Assert.All(model.States[0].ToArray(), value => Assert.Equal(0, value));
        model.Backward(batch);
        Assert.Throws<InvalidOperationException>(() => model.Backward(batch));
        var (weight, bias, mean, variance) = (model.Parameters["dense1.weight"], model.Parameters["dense1.bias"], model.States[0], model.States[1]);
        for (var i = 0; i < 20; i++)
        {
            var a = weight[i, 0] + (2 * weight[i, 1]) + (3 * weight[i, 2]) + bias[i];
            var b = weight[i, 2] - weight[i, 0] + bias[i];
            Assert.Equal(0.1f * (a + b) / 2, mean[i], 1e-6);
            Assert.Equal(0.9f + (0.1f * (a - b) * (a - b) / 2), variance[i], 1e-6);
        }
    }

    [Fact]
    public void An_optimizer_leaves_states_alone()
    {
        using var model = new NormedNet(seed: 1);
        var batch = Batch.Of(2, [1f, 2, 3, -1, 0, 1], [0f, 0, 0, 0]);
        model.Forward(batch);
        model.Backward(batch);
        var before = Values(model);
        new AdamW(0.1, weightDecay: 0.5).Update(model);
        Assert.Equal(before, Values(model));
    }

    [Fact]
    public void States_are_saved_and_loaded()
    {
        using var model = Trained();
        model.Save(Path);
        using var again = NormedNet.FromFile(Path);
        Assert.Equal(Values(model), Values(again));
        Assert.Equal(model.Predict([1f, 2, 3]), again.Predict([1f, 2, 3]));
        using var other = new NormedNet(seed: 9);
        var report = other.Load(Path);
        Assert.Contains("batchNorm1.running_var", report.Loaded);
        Assert.Equal(Values(model), Values(other));
    }

    [Fact]
    public void PyTorchs_counters_in_a_file_are_no_mistake_and_missing_states_are()
    {
        using var model = Trained();
        WriteAsPyTorch(model, model.Parameters.Concat<ParameterTensor>(model.States));
        using var again = new NormedNet(seed: 3);
        Assert.Equal(["batchNorm1.num_batches_tracked"], again.Load(Path).Unexpected);
        Assert.Equal(Values(model), Values(again));

        WriteAsPyTorch(model, model.Parameters);
        var message = Assert.Throws<CheckpointMismatchException>(() => again.Load(Path)).Message;
        Assert.Contains("'batchNorm1.running_mean' is missing in the file", message, StringComparison.Ordinal);
        Assert.DoesNotContain("num_batches_tracked", message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_sample_with_one_value_per_channel_is_refused()
    {
        using var model = new NormedNet();
        var message = Assert.Throws<ArgumentException>(() => model.Forward(Batch.Of(1, [1f, 2, 3], [0f, 0]))).Message;
        Assert.StartsWith("'batchNorm1' of NormedNet needs more than one value per channel in training, but this batch has one sample", message, StringComparison.Ordinal);
        Assert.Equal(2, model.Predict([1f, 2, 3]).Length);
    }

    [Fact]
    public void A_trainer_leaves_out_a_last_batch_of_one_sample()
    {
        using var model = new NormedNet();
        var history = new Trainer(new Sgd(0.01)) { Epochs = 2, BatchSize = 4, View = TrainingView.None }.Fit(model, TrainingData.Linear(9));
        Assert.Equal(4, history.Steps);
        Assert.Throws<ArgumentException>(() =>
            new Trainer(new Sgd(0.01)) { BatchSize = 1, View = TrainingView.None }.Fit(model, TrainingData.Linear(9)));
    }

    [Fact]
    public void The_best_epoch_comes_back_with_its_states()
    {
        using var model = new NormedNet(seed: 2);
        var seen = new List<float[]>();
        var opposite = TrainingData.Linear(16, seed: 5);
        var history = new Trainer(new Sgd(0.5)) { Epochs = 6, BatchSize = 8, View = TrainingView.None, Callbacks = [new Watch(seen), new EarlyStopping(patience: 6)] }
            .Fit(model, TrainingData.Linear(32), opposite);
        Assert.Equal(seen[history.Best!.Epoch - 1], Values(model));
        Assert.NotEqual(seen[0], seen[1]);
    }

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        Assert.Equal(Run(1), Run(3));

        static float[] Run(int threads)
        {
            using var device = new CpuDevice { Threads = threads };
            using var model = new NormedNet(seed: 4, device);
            Fit(model);
            return [.. Values(model), .. model.Parameters.SelectMany(parameter => parameter.ToArray())];
        }
    }

    [Fact]
    public void Steps_do_not_allocate()
    {
        using var model = new NormedNet();
        var batch = Batch.Of(2, [1f, 2, 3, -1, 0, 1], [0f, 0, 0, 0]);
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
        }
    }

    [Fact]
    public void The_summary_counts_states_apart()
    {
        using var model = new NormedNet();
        Assert.Contains("State: 40 values", model.Summary(), StringComparison.Ordinal);
        Assert.Equal((3 * 20) + 20 + 40 + 40 + 2, model.Parameters.Sum(parameter => parameter.Count));
    }

    private static NormedNet Trained()
    {
        var model = new NormedNet(seed: 1);
        Fit(model);
        return model;
    }

    private static void Fit(Model model) =>
        new Trainer(new Adam(0.01)) { Epochs = 3, BatchSize = 8, View = TrainingView.None }.Fit(model, TrainingData.Linear(40));

    private static float[] Values(Model model) => [.. model.States.SelectMany(state => state.ToArray())];

    /// <summary>A file as PyTorch's state_dict would give it: with the number of batches that running values have seen.</summary>
    private void WriteAsPyTorch(Model model, IEnumerable<ParameterTensor> tensors)
    {
        var header = new StringBuilder("{\"batchNorm1.num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]}");
        var data = new List<byte>(BitConverter.GetBytes(12L));
        foreach (var tensor in tensors)
        {
            var at = data.Count;
            foreach (var value in tensor.ToArray())
                data.AddRange(BitConverter.GetBytes(value));
            header.Append($",\"{tensor.Name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', tensor.Shape)}],\"data_offsets\":[{at},{data.Count}]}}");
        }

        var json = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        File.WriteAllBytes(Path, [.. length, .. json, .. data]);
    }

    private sealed class Watch(List<float[]> seen) : TrainingCallback
    {
        public override void EpochEnded(TrainingRun run, EpochResult epoch) => seen.Add(Values(run.Model));
    }
}
