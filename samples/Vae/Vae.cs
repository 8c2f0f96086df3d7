using ModelDsl;

namespace Vae;

/// <summary>From a point of the latent space to the logits of 28 × 28 pixels.</summary>
[Block, Dense(400), Relu, Dense(784)]
internal sealed partial class Decoder;

/// <summary>A variational autoencoder of digits (Kingma and Welling, 2013): 784 pixels → 20 numbers → 784 pixels.</summary>
[Model]
public sealed partial class DigitVae
{
    /// <summary>The dimensions of the latent space.</summary>
    public const int Latent = 20;

    private readonly Decoder decoder = new();

    private (Tensor image, Tensor mean, Tensor logVar) Forward([Input(784)] Tensor pixels, bool training)
    {
        var h = pixels.Dense(400).Relu();
        var mean = h.Dense(Latent);
        var logVar = h.Dense(Latent);
        var z = training ? mean + (Tensor.Normal(like: mean) * (0.5 * logVar).Exp()) : mean;
        return (z.Apply(decoder), mean, logVar);
    }

    /// <summary>The negated evidence lower bound: what the pixels cost, and how far the code is from a standard normal one, in nats per digit.</summary>
    [Loss]
    private static Tensor Elbo(Tensor pixels, Tensor image, Tensor mean, Tensor logVar) =>
        image.BinaryCrossEntropy(pixels).Sum() - (0.5 * (1 + logVar - mean.Square() - logVar.Exp()).Sum());
}

/// <summary>The decoder alone: digits from points that no digit was encoded to.</summary>
[Model, BinaryCrossEntropy]
public sealed partial class DigitPainter
{
    private readonly Decoder decoder = new();

    private Tensor Forward([Input(DigitVae.Latent)] Tensor z) => z.Apply(decoder);
}
