using ModelDsl.Generator.Common;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Parsing.Bodies;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>The declared columns of a model, whether or not its shapes are valid.</summary>
internal static class ModelInputs
{
    /// <summary>The inputs. A model without inputs is assumed to have numeric ones.</summary>
    public static List<LayerSpec> Of(ModelSpec spec)
    {
        var declared = spec.Layers.Where(layer => layer.Kind is "Input" or "TokenInput").ToList();
        var wanted = spec.Forward is { Inputs.Count: > 1 } forward ? forward.Inputs.Count : 1;
        if (declared.Count == 0) declared.Add(new("Input", EquatableArray<ArgumentSpec>.Empty, EquatableArray<string>.Empty, Site.OfType(spec.Type.Key)));
        return [.. declared.Take(wanted)];
    }

    /// <summary>The targets that the losses declare, without duplicates.</summary>
    public static LayerSpec[] Targets(ModelSpec spec) =>
    [
        .. Losses(spec).SelectMany(loss => loss.Parameters).Select(parameter => parameter.Column).OfType<LayerSpec>().GroupBy(NameOf).Select(same => same.First()),
    ];

    /// <summary>The losses that are methods.</summary>
    public static LossSpec[] Losses(ModelSpec spec) => spec.Forward?.Losses.ToArray() ?? [];

    /// <summary>Whether an input contains token ids.</summary>
    public static bool IsTokens(LayerSpec input) => input.Kind == "TokenInput";

    /// <summary>The name of a column.</summary>
    public static string NameOf(LayerSpec column) => new LayerCall(column).Word("name", "") is { Length: > 0 } name ? name : "input";
}
