using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharpPeer;

/// <summary>A model with data and a loss.</summary>
/// <param name="Model">The model.</param>
/// <param name="Inputs">Random samples.</param>
/// <param name="Targets">Random targets or labels.</param>
/// <param name="Loss">The loss of outputs and targets.</param>
internal sealed record PeerCase(Module<Tensor, Tensor> Model, Tensor Inputs, Tensor Targets, Func<Tensor, Tensor, Tensor> Loss)
{
    private static readonly Dictionary<string, Func<long, PeerCase>> Cases = new()
    {
        ["linear"] = batch => new(Linear(2, 1), rand(batch, 2), rand(batch, 1), (y, t) => functional.mse_loss(y, t)),
        ["mlp"] = batch => new(ImageModels.Mlp(), rand(batch, 784), Labels(10, batch), CrossEntropy),
        ["cnn"] = batch => new(ImageModels.Cnn(), rand(batch, 3, 32, 32), Labels(10, batch), CrossEntropy),
        ["catsdogs"] = batch => new(
            ImageModels.CatsDogs(), rand(batch, 3, 150, 150), Labels(2, batch, 1).to(ScalarType.Float32), (y, t) => functional.binary_cross_entropy_with_logits(y, t)),
        ["resnet18"] = batch => new(new ResNet18(), rand(batch, 3, 32, 32), Labels(10, batch), CrossEntropy),
        ["lstm"] = batch => new(new LstmModel(), rand(batch, 128, 128), rand(batch, 128, 128), (y, t) => functional.mse_loss(y, t)),
        ["text"] = batch => new(new TextModel(), Labels(20_000, batch, 100), Labels(2, batch), CrossEntropy),
        ["chargpt"] = batch => LanguageModel(GptShape.Characters, batch),
        ["gpt"] = batch => LanguageModel(GptShape.Small, batch),
        ["gpt2"] = batch => LanguageModel(GptShape.Gpt2, batch),
    };

    /// <summary>The models that can be measured.</summary>
    public static IReadOnlyCollection<string> Names => Cases.Keys;

    /// <summary>Whether a model reads pictures, whose channels can lie last in memory.</summary>
    public static bool IsPicture(string name) => name is "cnn" or "catsdogs" or "resnet18";

    /// <summary>Makes a case by name.</summary>
    public static PeerCase Create(string name, int batch, bool channelsLast)
    {
        var one = Cases[name](batch);
        if (!channelsLast)
            return one;
        using var guard = no_grad();
        foreach (var parameter in one.Model.parameters().Where(parameter => parameter.dim() == 4))
            parameter.set_(ChannelsLast(parameter.detach()));
        return one with { Inputs = ChannelsLast(one.Inputs) };
    }

    private static PeerCase LanguageModel(GptShape shape, long batch) => new(
        new Gpt(shape), Labels(shape.Vocabulary, batch, shape.Context), Labels(shape.Vocabulary, batch, shape.Context), (y, t) => CrossEntropy(y.flatten(0, 1), t.flatten()));

    private static Tensor ChannelsLast(Tensor x) => x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    private static Tensor Labels(long classes, params long[] shape) => randint(0, classes, shape, dtype: ScalarType.Int64);

    private static Tensor CrossEntropy(Tensor logits, Tensor labels) => functional.cross_entropy(logits, labels);
}
