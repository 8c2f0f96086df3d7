using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>The names of the members that the generated part of a model declares, with or without an error.</summary>
internal static class GeneratedMembers
{
    /// <summary>The description of a model that can be generated.</summary>
    public const string Description = "GeneratedDescription";

    /// <summary>The message that the members of a model with an error throw.</summary>
    public const string Message = "GeneratedMessage";

    /// <summary>The constant that tells the analyzer that the compiler crashed. Only the generator runs all passes.</summary>
    public const string Crash = "GeneratedInternalError";

    /// <summary>The members that every model must have. <c>Example</c> and predictions of outputs inside the network are omitted if the user declares members with these names.</summary>
    public static IReadOnlyList<GeneratedMember> Of(ModelSpec spec)
    {
        var inputs = string.Join(", ", ModelInputs.Of(spec).Select(input => $"global::System.ReadOnlySpan<{(ModelInputs.IsTokens(input) ? "int" : "float")}>"));
        var results = string.Concat(Enumerable.Repeat(", global::System.Span<float>", spec.Forward?.Outputs.Count ?? 1));
        var losses = spec.Forward?.Losses.Where(loss => loss.Part.Length > 0).ToArray() ?? [];
        return
        [
            new(Description), new(Message), new(Crash),
            new("FromFile", "string, global::ModelDsl.Device"),
            .. spec.Weights is null ? Array.Empty<GeneratedMember>() : [new GeneratedMember(WeightsMemberWriter.Name, "global::ModelDsl.Device")],
            new("Predict", inputs), new("Predict", inputs + results),
            .. spec.IsPredictionOnly ? Array.Empty<GeneratedMember>() : [new GeneratedMember("PredictLogits", inputs), new GeneratedMember("PredictLogits", inputs + results)],
            .. spec.Generates ? [new GeneratedMember(SessionWriter.Name, SessionWriter.Types(spec))] : Array.Empty<GeneratedMember>(),
            .. losses.Select(loss => new GeneratedMember("Backward" + LayerNames.Pascal(loss.Name), "global::ModelDsl.Batch")),
            .. losses.Select(loss => new GeneratedMember(loss.Member)),
        ];
    }
}

/// <summary>A member that is generated.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">The types of the parameters of a method; null for members that cannot be overloaded.</param>
internal sealed record GeneratedMember(string Name, string? Parameters = null);
