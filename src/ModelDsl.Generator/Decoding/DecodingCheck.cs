using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Decoding;

/// <summary>Checks whether a model with [Generates] can be computed token by token.</summary>
internal static class DecodingCheck
{
    private static readonly string[] WithCausal = ["SelfAttention", "TransformerEncoder", "Attention"];

    /// <summary>The problems of a model.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="state">The state of its lowering for inference.</param>
    /// <param name="infer">Its inference graph.</param>
    public static IEnumerable<Problem> Of(ModelSpec spec, LoweringState state, ModelGraph infer)
    {
        if (FormOf(state, infer) is { } form)
        {
            yield return Problem.At(Descriptors.GeneratingForm.Id, Site.OfType(spec.Type.Key), spec.Type.Name, form);
            yield break;
        }

        if (Failure(infer, state.Inputs.Count - 1) is not { } failure) yield break;
        var maker = state.MakerOf(failure.Node) ?? new Maker("output", "", Site.OfType(spec.Type.Key));
        var advice = WithCausal.Contains(maker.Kind) ? "did you mean Causal = true?"
            : failure.Node is InputNode ? "read the other input as a whole, with CrossAttention for example, because a session receives it when it begins"
            : failure.Node is ScanNode { IsReversed: true } ? "did you mean Bidirectional = false?"
            : "use what reads earlier positions only, such as attention with Causal = true, or remove [Generates]";
        yield return Problem.At(Descriptors.NotCausal.Id, maker.Site, maker.Name, failure.Reason, spec.Type.Name, advice);
    }

    private static NotDecodableException? Failure(ModelGraph infer, int tokens)
    {
        try
        {
            ChunkPass.Run(infer, tokens, 1, new CacheLayout());
            return null;
        }
        catch (NotDecodableException exception)
        {
            return exception;
        }
    }

    /// <summary>Describes an input or output of a model that has the wrong form; null if there is none.</summary>
    private static string? FormOf(LoweringState state, ModelGraph infer)
    {
        var tokens = state.Inputs[state.Inputs.Count - 1].Node;
        if (tokens.Type != ElementType.Int || tokens.Shape.Rank != 2) return $"its {(state.Inputs.Count > 1 ? "last " : "")}input is {tokens.Shape}";
        Root[] outputs = [.. infer.Roots.Where(root => root.Kind == RootKind.Output)];
        if (outputs.Length != 1) return $"it has {outputs.Length} outputs";
        var wanted = Shape.Batch(tokens.Shape[1].Value, tokens.Bound);
        return outputs[0].Value.Shape == wanted ? null : $"its output is {outputs[0].Value.Shape} and not {wanted}";
    }
}
