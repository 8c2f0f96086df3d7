namespace ModelDsl.Benchmarks.Steps;

/// <summary>A model with data and an optimizer of its own.</summary>
/// <param name="Model">The model.</param>
/// <param name="Optimizer">Its optimizer.</param>
/// <param name="Batch">Random samples.</param>
/// <param name="Predict">Predicts the batch's inputs into an array that is reused.</param>
internal sealed record StepCase(Model Model, Optimizer Optimizer, Batch Batch, Action Predict)
{
    /// <summary>The models that can be measured.</summary>
    public static IReadOnlyList<string> Names { get; } = ["linear", "mlp", "cnn"];

    /// <summary>Makes a case by name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="batch">Samples per step.</param>
    /// <param name="device">Where it computes.</param>
    public static StepCase Create(string name, int batch, Device device)
    {
        if (name == "linear") return Linear(batch, device);
        if (name == "cnn")
        {
            var cnn = new CnnModel(seed: 1, device);
            return Classifier(cnn, (inputs, outputs) => cnn.Predict(inputs, outputs), 32 * 32 * 3, batch);
        }

        var mlp = new MlpModel(seed: 1, device);
        return Classifier(mlp, (inputs, outputs) => mlp.Predict(inputs, outputs), 784, batch);
    }

    private static StepCase Linear(int count, Device device)
    {
        var random = new Random(1);
        var inputs = Values(random, count * 2);
        var model = new LinearModel(seed: 1, device);
        var predictions = new float[count];
        return new(model, new Sgd(1e-2), Batch.Of(count, inputs, Values(random, count)), () => model.Predict(inputs, predictions));
    }

    private static StepCase Classifier(Model model, Action<float[], float[]> predict, int pixels, int count)
    {
        var random = new Random(1);
        var inputs = Values(random, count * pixels);
        var labels = new int[count];
        for (var i = 0; i < count; i++)
            labels[i] = random.Next(10);
        var predictions = new float[count * 10];
        return new(model, new Adam(1e-3), Batch.Of(count, inputs, labels), () => predict(inputs, predictions));
    }

    private static float[] Values(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = random.NextSingle();
        return values;
    }
}
