using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// A layer: its shape rule, its parameters and its lowering are one method, so they cannot disagree. The analyzer runs the same method and
/// keeps the problems; the generator keeps the graph.
/// </summary>
internal abstract class Layer
{
    /// <summary>The attribute's name without its suffix.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether the layer reads token ids; all others read numbers.</summary>
    public virtual bool TakesTokens => false;

    /// <summary>Lowers one use of the layer. Null after a reported problem: what follows is then unknown, not wrong.</summary>
    public abstract Value? Lower(LayerCall call, LayerScope scope, Value input);
}

/// <summary>A layer that stands first and brings a column of the batch in.</summary>
internal abstract class SourceLayer : Layer
{
    public abstract Value? Lower(LayerCall call, LayerScope scope);

    public sealed override Value? Lower(LayerCall call, LayerScope scope, Value input) => throw new InvalidOperationException("An input has no input.");
}

/// <summary>A layer that stands last and measures the output.</summary>
internal abstract class LossLayer : Layer
{
    public abstract LossValue? LowerLoss(LayerCall call, LayerScope scope, Value output);

    public sealed override Value? Lower(LayerCall call, LayerScope scope, Value input) => throw new InvalidOperationException("A loss has no output.");
}

/// <summary>What a loss layer makes of the output.</summary>
/// <param name="Mean">The mean loss, a scalar.</param>
/// <param name="Link">The output as users want to see it: probabilities for logits.</param>
/// <param name="Kind">What it measures: the name of a member of the runtime's <c>LossKind</c>.</param>
internal sealed record LossValue(Node Mean, Node Link, string Kind);
