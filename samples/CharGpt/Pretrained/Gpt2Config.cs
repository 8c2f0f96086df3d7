using System.Globalization;
using System.Text.Json;
using ModelDsl;

namespace CharGpt.Pretrained;

/// <summary>What config.json says about a GPT-2, by the names of Hugging Face's <c>GPT2Config</c>.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Layers">n_layer.</param>
/// <param name="Heads">n_head.</param>
/// <param name="Width">n_embd.</param>
/// <param name="Positions">n_positions.</param>
/// <param name="Vocabulary">vocab_size.</param>
/// <param name="Activation">activation_function.</param>
/// <param name="Epsilon">layer_norm_epsilon.</param>
internal sealed record Gpt2Config(string Path, int Layers, int Heads, int Width, int Positions, int Vocabulary, TransformerActivation Activation, double Epsilon)
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "config.json";

    private const string Type = "gpt2";

    // gelu_new and gelu_pytorch_tanh are one function; the first is the name that GPT-2 has for it.
    private static readonly (string Name, TransformerActivation Activation)[] Activations =
    [
        ("gelu_new", TransformerActivation.GeluTanh), ("gelu_pytorch_tanh", TransformerActivation.GeluTanh), ("gelu", TransformerActivation.Gelu),
        ("relu", TransformerActivation.Relu), ("silu", TransformerActivation.Silu),
    ];

    // What this program does not compute. The first value of each is the default, which a file may leave out.
    private static readonly (string Name, bool Expected)[] Switches = [("scale_attn_weights", true), ("scale_attn_by_inverse_layer_idx", false), ("add_cross_attention", false)];

    /// <summary>Returns the name of an activation.</summary>
    public static string NameOf(TransformerActivation activation) => Array.Find(Activations, pair => pair.Activation == activation).Name ?? activation.ToString();

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, is that of another kind of model, or describes a GPT-2 that this program does not compute.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Gpt2Config Read(string path)
    {
        using var document = Parse(path);
        var root = document.RootElement;
        var type = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("model_type", out var value) ? value.ToString() : "";
        if (type != Type)
            throw Refused(path, type.Length == 0 ? "has no model_type" : $"has the model_type '{type}'", $"expected '{Type}'. Name the folder of a GPT-2; a model of another kind needs a class of its own");

        var config = new Gpt2Config(
            path, Count(root, path, "n_layer"), Count(root, path, "n_head"), Count(root, path, "n_embd"), Count(root, path, "n_positions"), Count(root, path, "vocab_size"), ActivationOf(root, path), EpsilonOf(root, path));
        config.Check(root);
        return config;
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllText(path));
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"'{path}' is not complete JSON: {exception.Message} The file is cut short or damaged: copy it again.", exception);
        }
    }

    private static int Count(JsonElement root, string path, string name)
    {
        if (!root.TryGetProperty(name, out var value))
            throw Refused(path, $"has no {name}", "expected a number. The file is incomplete: copy it again");
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count > 0
            ? count
            : throw Refused(path, $"has the {name} {value.GetRawText()}", "expected a whole number above 0. The file is damaged: copy it again");
    }

    private static TransformerActivation ActivationOf(JsonElement root, string path)
    {
        var name = root.TryGetProperty("activation_function", out var value) ? value.ToString() : Activations[0].Name;
        var found = Array.FindIndex(Activations, pair => pair.Name == name);
        return found >= 0
            ? Activations[found].Activation
            : throw Refused(path, $"has the activation_function '{name}'", $"expected one that TransformerEncoder has: {string.Join(", ", Activations.Select(pair => pair.Name))}. Use another model");
    }

    private static double EpsilonOf(JsonElement root, string path)
    {
        if (!root.TryGetProperty("layer_norm_epsilon", out var value))
            return 1e-5;
        return value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and var epsilon
            ? epsilon
            : throw Refused(path, $"has the layer_norm_epsilon {value.GetRawText()}", "expected a number above 0. The file is damaged: copy it again");
    }

    private static InvalidDataException Refused(string path, string found, string expected) => new($"'{path}' {found}; {expected}.");

    private void Check(JsonElement root)
    {
        if (Width % Heads != 0)
            throw Refused(Path, $"has the n_head {Heads} and the n_embd {Width}", "expected a number of heads that divides the width. The file is damaged: copy it again");
        if (root.TryGetProperty("n_inner", out var inner) && inner.ValueKind != JsonValueKind.Null && inner.GetRawText() != (4 * Width).ToString(CultureInfo.InvariantCulture))
            throw Refused(Path, $"has the n_inner {inner.GetRawText()}", $"expected null or {4 * Width}, four times the width. Use another model");
        foreach (var (name, expected) in Switches)
        {
            if (root.TryGetProperty(name, out var value) && value.ValueKind != (expected ? JsonValueKind.True : JsonValueKind.False))
                throw Refused(Path, $"has the {name} {value.GetRawText()}", $"expected {(expected ? "true" : "false")}, as GPT-2 has it. Use another model");
        }
    }
}
