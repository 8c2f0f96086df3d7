using ModelDsl.Benchmarks.Kernels;

namespace ModelDsl.Benchmarks.Gpu.Session;

/// <summary>Trains a model for a few steps, and returns what is compared.</summary>
internal static class CheckRun
{
    private const int Steps = 3;

    /// <summary>Returns losses, outputs before and after the training, and gradients of the first step, by their names.</summary>
    public static IReadOnlyDictionary<string, Digest> Values(CheckCase one, Device device)
    {
        var values = new Dictionary<string, Digest>();
        using var model = one.Create(device);
        var optimizer = one.Optimizer();
        AddOutputs("untrained");
        for (var step = 1; step <= Steps; step++)
        {
            var losses = one.Step(model, optimizer, Batch(step));
            for (var loss = 0; loss < losses.Length; loss++)
                values.Add($"loss {loss + 1} of step {step}", Digest.Of([losses[loss]]));
            foreach (var gradient in step == 1 ? model.Gradients : Enumerable.Empty<Gradient>())
                values.Add($"gradient of {gradient.Name}", Digest.Of(gradient.ToArray()));
        }

        AddOutputs("trained");
        foreach (var state in model.States)
            values.Add($"state {state.Name}", Digest.Of(state.ToArray()));
        return values;

        Batch Batch(int seed) => RandomBatch.Of(model.Description, one.Samples, seed);

        void AddOutputs(string when)
        {
            using var inference = model.Infer(Batch(0));
            for (var i = 0; i < model.Description.Outputs.Length; i++)
                values.Add($"output {model.Description.Outputs[i].Name}, {when}", Digest.Of(inference.Outputs(i)));
        }
    }
}
