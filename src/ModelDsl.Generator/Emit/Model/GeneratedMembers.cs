using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>The names of the members that the generated part of a model declares, whether the model can be generated or not.</summary>
internal static class GeneratedMembers
{
    /// <summary>The description of a model that can be generated.</summary>
    public const string Description = "GeneratedDescription";

    /// <summary>What the members of a model with a mistake throw.</summary>
    public const string Message = "GeneratedMessage";

    /// <summary>The constant by which the analyzer learns that the compiler crashed: only the generator gets that far.</summary>
    public const string Crash = "GeneratedInternalError";

    /// <summary>The members that every model must have. An <c>Example</c>, and predictions of outputs inside the network, give way to members of the user's.</summary>
    public static IReadOnlyList<GeneratedMember> Of(ModelSpec spec)
    {
        var inputs = string.Join(", ", ModelInputs.Of(spec).Select(input => $"global::System.ReadOnlySpan<{(ModelInputs.IsTokens(input) ? "int" : "float")}>"));
        var results = string.Concat(Enumerable.Repeat(", global::System.Span<float>", spec.Forward?.Outputs.Count ?? 1));
        var losses = spec.Forward?.Losses.Where(loss => loss.Part.Length > 0).ToArray() ?? [];
        return
        [
            new(Description), new(Message), new(Crash),
            new("FromFile", "string, global::ModelDsl.Device"),
            new("Predict", inputs), new("Predict", inputs + results),
            new("PredictLogits", inputs), new("PredictLogits", inputs + results),
            .. spec.Generates ? [new GeneratedMember("CreateSession", "int")] : Array.Empty<GeneratedMember>(),
            .. losses.Select(loss => new GeneratedMember("Backward" + Names.Pascal(loss.Name), "global::ModelDsl.Batch")),
            .. losses.Select(loss => new GeneratedMember(loss.Member)),
        ];
    }
}

/// <summary>A member that is generated.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Of a method, the types of its parameters; null for what shares its name with nothing.</param>
internal sealed record GeneratedMember(string Name, string? Parameters = null);
