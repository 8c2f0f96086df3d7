using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

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

/// <summary>A layer that stands last and measures the output, or a call in a <c>[Loss]</c> method.</summary>
internal abstract class LossLayer : Layer
{
    /// <summary>
    /// The loss of each element or position, weighed so that its mean is that over what counts, and the output as users want to see it; null after reporting.
    /// </summary>
    /// <param name="call">The use.</param>
    /// <param name="scope">Its surroundings.</param>
    /// <param name="output">What is measured.</param>
    /// <param name="target">What it is compared with, a <see cref="Value"/> or a number; null for a column of the loss's own.</param>
    public LossTerms? Measure(LayerCall call, LayerScope scope, Value output, object? target)
    {
        if (Applies(call) is { } link) LogitRules.Check(call, link, scope, output);
        if (Compare(call, scope, output, target) is not { } terms) return null;
        if (terms.Kind is "Classes" or "SoftClasses" or "Binary" && terms.Target is { } compared) scope.State.Compare(NameOf(call), compared);
        var positions = terms.Losses.Shape.Rank > 1 ? output.Mask : null;
        return PositionMask.Join(terms.Mask, positions) is { } mask ? terms with { Losses = mask.Weigh("losses", terms.Losses) } : terms;
    }

    /// <summary>What messages call the loss.</summary>
    protected virtual string NameOf(LayerCall call) => call.Kind;

    /// <summary>The activation that the loss applies itself; null for none.</summary>
    protected virtual string? Applies(LayerCall call) => null;

    /// <summary>The loss of each element or position, as if all counted.</summary>
    protected abstract LossTerms? Compare(LayerCall call, LayerScope scope, Value output, object? target);

    /// <summary>The loss at the end of a list of layers.</summary>
    public LossValue? LowerLoss(LayerCall call, LayerScope scope, Value output) =>
        Measure(call, scope, output, null) is { } terms ? new(GraphBuilder.Mean("loss", terms.Losses), terms.Link, terms.Kind) : null;

    public sealed override Value? Lower(LayerCall call, LayerScope scope, Value input) => throw new InvalidOperationException("A loss has no output.");
}

/// <summary>What a loss makes of an output before averaging.</summary>
/// <param name="Losses">The loss of each element or position.</param>
/// <param name="Link">The output as users want to see it: probabilities for logits.</param>
/// <param name="Kind">What it measures: the name of a member of the runtime's <c>LossKind</c>.</param>
internal sealed record LossTerms(Node Losses, Node Link, string Kind)
{
    /// <summary>Which labels count; null where all do.</summary>
    public PositionMask? Mask { get; init; }

    /// <summary>What the output is compared with; null for a number.</summary>
    public Node? Target { get; init; }
}

/// <summary>What a loss layer makes of the output.</summary>
/// <param name="Mean">The mean loss, a scalar.</param>
/// <param name="Link">The output as users want to see it: probabilities for logits.</param>
/// <param name="Kind">What it measures: the name of a member of the runtime's <c>LossKind</c>.</param>
internal sealed record LossValue(Node Mean, Node Link, string Kind);
