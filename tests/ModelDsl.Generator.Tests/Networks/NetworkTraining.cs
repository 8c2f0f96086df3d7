using ModelDsl.Compiled;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Networks;

/// <summary>Trains a generated model as PyTorch trained the network that it is: the model, the optimizer and the device are those of users.</summary>
internal static class NetworkTraining
{
    /// <summary>Runs all steps, compares what comes of them, and gives the greatest error as a share of what is allowed.</summary>
    /// <param name="type">The model.</param>
    /// <param name="network">What PyTorch made of it.</param>
    /// <param name="tolerance">How far the values may be from PyTorch's.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="parameters">All parameters and states after training, for comparisons of bits.</param>
    public static double Run(CompiledType type, TrainedNetwork network, RoundingTolerance tolerance, Device device, out float[] parameters)
    {
        using var model = type.Create(device);
        var numbers = new DrawnNumbers(network.Seed);
        var tensors = model.Parameters.Concat<ParameterTensor>(model.States).ToArray();
        var initial = Array.ConvertAll(tensors, numbers.Parameter);
        foreach (var (tensor, values) in tensors.Zip(initial)) tensor.CopyFrom(values);

        ColumnDescription[] columns = [.. model.Description.Inputs, .. model.Description.Targets];
        Assert.Equal(network.Columns.Select(column => column.Kind == "ids"), columns.Select(column => column.Type == ColumnType.Int));
        var batch = new Batch(columns, network.Counts.Max());
        var optimizer = PyTorchOptimizer.Create(network.OptimizerName, network.OptimizerOptions);
        var worst = 0.0;
        for (var step = 0; step < network.Counts.Length; step++)
        {
            Fill(network.Counts[step], step);
            model.Forward(batch);
            var (right, allowed) = (network.Losses[step], tolerance.Relative * Math.Sqrt(network.Losses.Average(loss => loss * loss)));
            Require.That(Math.Abs(model.LastLoss - right) <= allowed, $"the loss of step {step}: {model.LastLoss:R}, but {right:R} ± {allowed:G2} is right");
            worst = Math.Max(worst, Math.Abs(model.LastLoss - right) / allowed);
            model.Backward(batch);
            if (step == 0) Compare("gradient", network.Gradients, model.Gradients.Select(gradient => (gradient.Name, gradient.ToArray(), 0f)));
            optimizer.Update(model);
        }

        Compare("change", network.Changes, tensors.Zip(initial).Select(pair => Change(pair.First, pair.Second)));
        Fill(network.Counts[0], network.Counts.Length);
        using (var inference = model.Infer(batch))
        {
            var outputs = new List<(string, float[], float)>();
            for (var i = 0; i < model.Description.Outputs.Length; i++) outputs.Add((model.Description.Outputs[i].Name, inference.Outputs(i).ToArray(), 0f));
            Compare("output", network.Outputs, outputs);
        }

        parameters = [.. tensors.SelectMany(tensor => tensor.ToArray())];
        return worst;

        void Fill(int count, int step)
        {
            batch.Count = count;
            for (var i = 0; i < columns.Length; i++) numbers.Fill(batch, i, step, network.Columns[i].Kind, network.Columns[i].Bound);
        }

        void Compare(string kind, Dictionary<string, double[]> expected, IEnumerable<(string Name, float[] Values, float Stored)> actual) => worst = Math.Max(
            worst,
            tolerance.Compare(kind, expected, actual.ToDictionary(item => item.Name, item => (Array.ConvertAll(item.Values, value => (double)value), (double)item.Stored)), numbers));
    }

    private static (string Name, float[] Values, float Stored) Change(ParameterTensor tensor, float[] before)
    {
        var after = tensor.ToArray();
        return (tensor.Name, [.. after.Zip(before, (now, then) => now - then)], before.Concat(after).Max(Math.Abs));
    }
}
