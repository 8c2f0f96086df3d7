using ModelDsl;

namespace QuickStart;

/// <summary>Reads a window of characters and says how likely each character is to come next.</summary>
[Model]
[TokenInput(Window, Vocabulary)]
[Embedding(24)]
[Flatten]
[Dense(512), Gelu]
[Dense(256), Gelu]
[Dense(Vocabulary)]
[SoftmaxCrossEntropy]
public sealed partial class CharModel
{
    /// <summary>How many characters the model sees.</summary>
    public const int Window = 32;

    /// <summary>How many token ids it knows: padding, one for all rare characters, and 94 characters.</summary>
    public const int Vocabulary = 96;
}
