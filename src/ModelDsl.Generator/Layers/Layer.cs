using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// A layer. Its shape rule, its parameters and its lowering are one method, so that they are consistent. The analyzer runs the same method and
/// uses the problems; the generator uses the graph.
/// </summary>
internal abstract class Layer
{
    /// <summary>The attribute's name without its suffix.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether the layer reads token ids; other layers read numbers.</summary>
    public virtual bool TakesTokens => false;

    /// <summary>Lowers one use of the layer. Null after reporting a problem: the shapes of the next layers are then unknown.</summary>
    public abstract LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input);
}

/// <summary>A layer at the start of a list, which reads a column of the batch.</summary>
internal abstract class SourceLayer : Layer
{
    public abstract LayerValue? Lower(LayerCall call, LayerScope scope);

    public sealed override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input) => throw new InvalidOperationException("An input has no input.");
}

/// <summary>A loss: the last layer of a list, or a call in a <c>[Loss]</c> method.</summary>
internal abstract class LossLayer : Layer
{
    /// <summary>
    /// Returns the loss of each element or position, weighted so that its mean is the mean over the elements that count, and the output for users; null after reporting.
    /// </summary>
    /// <param name="call">The use.</param>
    /// <param name="scope">The scope of the use.</param>
    /// <param name="output">The output.</param>
    /// <param name="target">The target, a <see cref="LayerValue"/> or a number; null for a column that the loss declares.</param>
    /// <param name="weights">The weights of samples or of elements in a <c>[Loss]</c> method; null for none.</param>
    public LossTerms? Measure(LayerCall call, LayerScope scope, LayerValue output, object? target, LayerValue? weights = null)
    {
        if (Applies(call) is { } activation) LogitRules.Check(call, activation, scope, output);
        if (Compare(call, scope, output, target) is not { } terms) return null;
        if (terms.Kind is "Classes" or "SoftClasses" or "Binary" && terms.Target is { } compared) scope.State.Compare(NameOf(call), compared);
        var positions = terms.Losses.Shape.Rank > 1 ? output.Mask : null;
        var samples = call.Flag("sampleWeights") ? scope.State.AddWeights() : null;
        if (weights is not null && (samples = LossWeights.Given(scope, output, terms.Losses, weights)) is null) return null;
        scope.State.Weigh(weights?.Node ?? samples);
        if (samples is not null || terms.ClassWeights is not null) return terms with { Losses = LossWeights.Weigh(terms.Losses, PositionMask.Join(terms.Mask, positions), terms.ClassWeights, samples) };
        return PositionMask.Join(terms.Mask, positions) is { } mask ? terms with { Losses = mask.Weigh("losses", terms.Losses) } : terms;
    }

    /// <summary>Returns the name of the loss in error messages.</summary>
    protected virtual string NameOf(LayerCall call) => call.Kind;

    /// <summary>Returns the activation that the loss applies itself; null for none.</summary>
    protected virtual string? Applies(LayerCall call) => null;

    /// <summary>Returns the loss of each element or position, without ignoring any.</summary>
    protected abstract LossTerms? Compare(LayerCall call, LayerScope scope, LayerValue output, object? target);

    /// <summary>Lowers the loss at the end of a list of layers.</summary>
    public LossValue? LowerLoss(LayerCall call, LayerScope scope, LayerValue output) =>
        Measure(call, scope, output, null) is { } terms ? new(GraphBuilder.Mean("loss", terms.Losses), terms.Activated, terms.Kind) : null;

    public sealed override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input) => throw new InvalidOperationException("A loss has no output.");
}

/// <summary>The result of a loss before averaging.</summary>
/// <param name="Losses">The loss of each element or position.</param>
/// <param name="Activated">The output for users: probabilities for logits.</param>
/// <param name="Kind">What the loss measures: the name of a member of the runtime's <c>LossKind</c>.</param>
internal sealed record LossTerms(Node Losses, Node Activated, string Kind)
{
    /// <summary>The labels that count; null if all count.</summary>
    public PositionMask? Mask { get; init; }

    /// <summary>The weight of the class of each element, which is already a factor of its loss; null if classes have none.</summary>
    public Node? ClassWeights { get; init; }

    /// <summary>The target; null if it is a number.</summary>
    public Node? Target { get; init; }
}

/// <summary>The result of a loss layer.</summary>
/// <param name="Mean">The mean loss, a scalar.</param>
/// <param name="Activated">The output for users: probabilities for logits.</param>
/// <param name="Kind">What the loss measures: the name of a member of the runtime's <c>LossKind</c>.</param>
internal sealed record LossValue(Node Mean, Node Activated, string Kind);
