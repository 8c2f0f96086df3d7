using ModelDsl;

namespace Gan;

/// <summary>From noise to 784 pixels between −1 and 1.</summary>
[Block, Dense(128), LeakyRelu(Slope = 0.2), Dense(256), LeakyRelu(Slope = 0.2), Dense(784), Tanh]
internal sealed partial class Generator;

/// <summary>From pixels to the logit of being real.</summary>
[Block, Dense(256), LeakyRelu(Slope = 0.2), Dropout(0.3), Dense(128), LeakyRelu(Slope = 0.2), Dropout(0.3), Dense(1)]
internal sealed partial class Discriminator;

/// <summary>Two networks that learn from each other (Goodfellow et al., 2014): one paints digits, the other tells them from real ones.</summary>
[Model]
public sealed partial class DigitGan
{
    /// <summary>The numbers a digit is painted from.</summary>
    public const int Noise = 64;

    private readonly Generator generator = new();
    private readonly Discriminator discriminator = new();

    private Tensor Forward([Input(Noise)] Tensor noise) => noise.Apply(generator);

    [Loss(Trains = nameof(discriminator))]
    private Tensor DiscriminatorLoss(Tensor output, [Input(784)] Tensor real) =>
        ((2 * real) - 1).Apply(discriminator).BinaryCrossEntropy(0.9) + output.Apply(discriminator).BinaryCrossEntropy(0);

    [Loss(Trains = nameof(generator))]
    private Tensor GeneratorLoss(Tensor output) => output.Apply(discriminator).BinaryCrossEntropy(1);
}
