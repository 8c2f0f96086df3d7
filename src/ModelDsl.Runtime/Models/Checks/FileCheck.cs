using ModelDsl.Compiled;

namespace ModelDsl.Models.Checks;

/// <summary>Checks that a saved model has the same parameters and predictions when it is loaded.</summary>
internal static class FileCheck
{
    /// <param name="model">The model.</param>
    /// <param name="batch">The batch to predict.</param>
    /// <param name="others">Other weights, which the file must replace.</param>
    /// <exception cref="ModelCheckException">A value differs.</exception>
    public static void Run(Model model, Batch batch, WeightSnapshot others)
    {
        float[][] weights = [.. model.Tensors.Select(static tensor => tensor.ToArray())];
        var outputs = Outputs(model, batch);
        var folder = Directory.CreateTempSubdirectory("modeldsl-check-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.safetensors");
            model.Save(path);
            others.Restore(model);
            model.Load(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        foreach (var (tensor, expected) in model.Tensors.Zip(weights))
        {
            if (!AreEqual(tensor.ToArray(), expected))
                throw new ModelCheckException($"{tensor} of {model.Description.Name} has other values after it was saved and loaded.", tensor.Name);
        }

        foreach (var (index, (actual, expected)) in Outputs(model, batch).Zip(outputs).Index())
        {
            if (!AreEqual(actual, expected))
                throw new ModelCheckException($"{model.Description.Name} predicts other values of '{model.Description.Outputs[index].Name}' after it was saved and loaded.");
        }
    }

    private static float[][] Outputs(Model model, Batch batch)
    {
        using var inference = model.Infer(batch, InferParts.OutputActivation);
        var outputs = new float[model.Description.Outputs.Length][];
        for (var i = 0; i < outputs.Length; i++)
            outputs[i] = inference.Outputs(i).ToArray();
        return outputs;
    }

    private static bool AreEqual(float[] left, float[] right) =>
        left.AsSpan().SequenceEqual(right) || left.Select(BitConverter.SingleToInt32Bits).SequenceEqual(right.Select(BitConverter.SingleToInt32Bits));
}
