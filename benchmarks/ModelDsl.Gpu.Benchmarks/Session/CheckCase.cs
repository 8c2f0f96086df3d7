using Gan;
using ModelDsl.Benchmarks.Steps;

namespace ModelDsl.Benchmarks.Gpu.Session;

/// <summary>A model whose training is compared with stored values.</summary>
/// <param name="Name">The name of the case.</param>
/// <param name="Samples">The size of its batches.</param>
/// <param name="Create">Creates the model.</param>
/// <param name="Optimizer">Creates the optimizer.</param>
internal sealed record CheckCase(string Name, int Samples, Func<Device, Model> Create, Func<Optimizer> Optimizer)
{
    /// <summary>The sums of products have another order on each device. That changes results by about a millionth, and a few steps multiply it.</summary>
    private const double Rounding = 1e-4;

    /// <summary>Factors of products have 10 fraction bits.</summary>
    private const double Tf32Rounding = 2e-2;

    /// <summary>The largest difference, as a part of the size of the value.</summary>
    public double Tolerance { get; init; } = Rounding;

    /// <summary>Runs a step with an update, and returns its losses.</summary>
    public Func<Model, Optimizer, Batch, float[]> Step { get; init; } = OneLoss;

    /// <summary>
    /// All cases. Adam has a larger epsilon than usual: it divides by the size of gradients, so that with the usual one, rounding of a gradient that is almost zero becomes a step of normal size.
    /// </summary>
    public static IReadOnlyList<CheckCase> All { get; } =
    [
        new("mlp", 128, static device => new MlpModel(seed: 1, device), static () => new Adam(1e-3, epsilon: 1e-3)),
        new("cnn", 64, static device => new CnnModel(seed: 1, device), static () => new Sgd(1e-2, momentum: 0.9)),
        new("resnet18", 8, static device => new ResNet18Model(seed: 1, device), static () => new Sgd(1e-2)),
        new("separable", 19, static device => new SeparableModel(seed: 1, device), static () => new AdamW(1e-3, epsilon: 1e-3)),
        new("text", 16, static device => new ShortTextModel(seed: 1, device), static () => new Adam(1e-3, epsilon: 1e-3) { ClipNorm = 1 }),
        new("recurrent", 16, static device => new RecurrentModel(seed: 1, device), static () => new RmsProp(1e-3, epsilon: 1e-3)),
        new("attention", 8, static device => new AttentionModel(seed: 1, device), static () => new Adam(1e-3, epsilon: 1e-3)),
        new("gpt", 4, static device => new GptModel(seed: 1, device), static () => new AdamW(1e-3, epsilon: 1e-3)),
        new("gan", 32, static device => new DigitGan(seed: 1, device), static () => new Adam(1e-3, epsilon: 1e-3)) { Step = TwoLosses },
        new("vae", 32, static device => new Vae.DigitVae(seed: 1, device), static () => new Adam(1e-3, epsilon: 1e-3)),
        new("tf32", 16, static device => new RoundedModel(seed: 1, device), static () => new Sgd(1e-2)) { Tolerance = Tf32Rounding },
    ];

    /// <summary>Returns a case by name.</summary>
    public static CheckCase Of(string name) => All.Single(one => one.Name == name);

    private static float[] OneLoss(Model model, Optimizer optimizer, Batch batch)
    {
        model.Forward(batch);
        model.Backward(batch);
        optimizer.Update(model);
        return [model.LastLoss];
    }

    private static float[] TwoLosses(Model model, Optimizer optimizer, Batch batch)
    {
        var gan = (DigitGan)model;
        gan.BackwardDiscriminatorLoss(batch);
        var first = gan.LastLoss;
        optimizer.Update(gan.Discriminator);
        gan.BackwardGeneratorLoss(batch);
        optimizer.Update(gan.Generator);
        return [first, gan.LastLoss];
    }
}
