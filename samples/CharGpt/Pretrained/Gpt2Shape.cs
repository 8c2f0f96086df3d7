using System.Globalization;
using ModelDsl;

namespace CharGpt.Pretrained;

/// <summary>A class of this program that is a GPT-2. Its sizes are constants, because its kernels are generated for them when the program is built.</summary>
/// <param name="Name">The name of the class.</param>
/// <param name="File">The file that declares it.</param>
/// <param name="Layers">The constant <c>Layers</c>.</param>
/// <param name="Heads">The constant <c>Heads</c>.</param>
/// <param name="Width">The constant <c>Width</c>.</param>
/// <param name="Context">The constant <c>Context</c>.</param>
/// <param name="Vocabulary">The constant <c>Vocabulary</c>.</param>
/// <param name="Activation">The constant <c>Activation</c>.</param>
/// <param name="Epsilon">The constant <c>Epsilon</c>.</param>
internal sealed record Gpt2Shape(string Name, string File, int Layers, int Heads, int Width, int Context, int Vocabulary, TransformerActivation Activation, double Epsilon)
{
    /// <summary>Creates a model on a device; null for <see cref="Device.Cpu"/>.</summary>
    public required Func<Device?, Model> Create { get; init; }

    /// <summary>Begins a session of a model that <see cref="Create"/> has created.</summary>
    public required Func<Model, GenerationSession> CreateSession { get; init; }

    /// <summary>Returns the shape that a configuration has.</summary>
    /// <exception cref="InvalidDataException">There is none; the message has the differences from the most similar one, and the lines to change.</exception>
    public static Gpt2Shape Find(Gpt2Config config, IReadOnlyList<Gpt2Shape> shapes)
    {
        var (shape, differences) = shapes.Select(shape => (shape, shape.Differences(config))).MinBy(pair => pair.Item2.Length);
        if (differences.Length == 0)
            return shape;
        var found = string.Concat(differences.Select(difference => $"\n  {difference.Key} is {difference.Found}, but {shape.Name} has {difference.Declared}"));
        var lines = string.Concat(differences.Select(difference => $"\n  {difference.Line}"));
        throw new InvalidDataException($"""
            '{config.Path}' describes another GPT-2 than the class {shape.Name}, whose kernels are generated when the program is built:{found}
            What to do: write these lines in {shape.File}, and start the program again, which builds it:{lines}
            """);
    }

    private Difference[] Differences(Gpt2Config config)
    {
        Difference[] all =
        [
            Difference.Of("n_layer", nameof(Layers), config.Layers, Layers),
            Difference.Of("n_head", nameof(Heads), config.Heads, Heads),
            Difference.Of("n_embd", nameof(Width), config.Width, Width),
            Difference.Of("n_positions", nameof(Context), config.Positions, Context),
            Difference.Of("vocab_size", nameof(Vocabulary), config.Vocabulary, Vocabulary),
            new("activation_function", Gpt2Config.NameOf(config.Activation), Gpt2Config.NameOf(Activation), $"public const {nameof(TransformerActivation)} {nameof(Activation)} = {nameof(TransformerActivation)}.{config.Activation};"),
            new("layer_norm_epsilon", Text(config.Epsilon), Text(Epsilon), $"public const double {nameof(Epsilon)} = {Text(config.Epsilon)};"),
        ];
        return [.. all.Where(difference => difference.Found != difference.Declared)];
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A value of a configuration and that of the class.</summary>
    /// <param name="Key">The name in the configuration.</param>
    /// <param name="Found">The value in the configuration.</param>
    /// <param name="Declared">The value of the class.</param>
    /// <param name="Line">The declaration of the class with the value of the configuration.</param>
    private sealed record Difference(string Key, string Found, string Declared, string Line)
    {
        public static Difference Of(string key, string constant, int found, int declared) =>
            new(key, found.ToString(CultureInfo.InvariantCulture), declared.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"public const int {constant} = {found};"));
    }
}
