using ModelDsl.Generator.Common;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Parsing.Bodies;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>The columns of a model as far as they are declared, whether its shapes fit or not.</summary>
internal static class ModelInputs
{
    /// <summary>The inputs; a model without any is taken to have numbers.</summary>
    public static List<LayerSpec> Of(ModelSpec spec)
    {
        var declared = spec.Layers.Where(layer => layer.Kind is "Input" or "TokenInput").ToList();
        var wanted = spec.Forward is { Inputs.Count: > 1 } forward ? forward.Inputs.Count : 1;
        if (declared.Count == 0) declared.Add(new("Input", EquatableArray<ArgumentSpec>.Empty, EquatableArray<string>.Empty, Site.OfType(spec.Type.Key)));
        return [.. declared.Take(wanted)];
    }

    /// <summary>What the losses declare to compare with, each column once.</summary>
    public static LayerSpec[] Targets(ModelSpec spec) =>
    [
        .. Losses(spec).SelectMany(loss => loss.Parameters).Select(parameter => parameter.Column).OfType<LayerSpec>().GroupBy(NameOf).Select(same => same.First()),
    ];

    /// <summary>The losses that are methods.</summary>
    public static LossSpec[] Losses(ModelSpec spec) => spec.Forward?.Losses.ToArray() ?? [];

    /// <summary>Whether an input holds token ids.</summary>
    public static bool IsTokens(LayerSpec input) => input.Kind == "TokenInput";

    /// <summary>What a column is called.</summary>
    public static string NameOf(LayerSpec column) => new LayerCall(column).Word("name", "") is { Length: > 0 } name ? name : "input";
}
