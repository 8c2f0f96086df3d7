using CharGpt.Pretrained;

namespace CharGpt;

/// <content>What the option --weights has to know about the class.</content>
public sealed partial class Gpt2
{
    /// <summary>The sizes of the class, and how a model and a session are created.</summary>
    internal static Gpt2Shape Shape { get; } = new(nameof(Gpt2), "samples/CharGpt/Gpt2.cs", Layers, Heads, Width, Context, Vocabulary, Activation, Epsilon)
    {
        Create = static device => new Gpt2(seed: 0, device),
        CreateSession = static model => ((Gpt2)model).CreateSession(),
    };
}
