using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>The value between two layers: a node, the layers that computed it, and the names of its axes.</summary>
/// <param name="Node">The value.</param>
/// <param name="IsSequence">Whether axis 1 is the axis of positions, which errors call T.</param>
/// <param name="Trail">The layers that computed it, last first.</param>
internal sealed record LayerValue(Node Node, bool IsSequence = false, Trail? Trail = null)
{
    public Shape Shape => Node.Shape;

    /// <summary>The argument that sets the size of the last axis, if there is one.</summary>
    public WrittenWidth? Written { get; init; }

    /// <summary>The positions of a sequence that count; null if all count, or if axis 1 is no longer the axis of positions.</summary>
    public PositionMask? Mask
    {
        get => IsSequence && Shape.HasBatch && Shape.Rank > 1 && field?.Node.Shape[1] == Shape[1] ? field : null;
        init;
    }

    /// <summary>The size of the last axis.</summary>
    public int Width => Shape[Shape.Rank - 1].Value;

    /// <summary>For token ids: the number of different ids.</summary>
    public int Bound => Column.Bound;

    /// <summary>For labels: the label that is ignored, if there is one.</summary>
    public int? Ignored => Column.Ignored;

    /// <summary>For token ids and labels: the column that contains them.</summary>
    private InputNode Column
    {
        get
        {
            var node = Node;
            while (node is not InputNode) node = node.Operands[0].Node;
            return (InputNode)node;
        }
    }

    /// <summary>The shape, with names of sizes that have one: <c>[N, T=128, 64]</c>.</summary>
    public string ShapeText => TextOf(Shape, IsSequence);

    /// <summary>The name of the layer that computed the value.</summary>
    public string Producer => Trail?.Name ?? "input";

    /// <summary>Returns this value as the result of a layer or function.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="site">Its location.</param>
    /// <param name="call">The layer; null for a function.</param>
    public LayerValue After(string name, Site site, LayerCall? call = null) => this with { Trail = new Trail(name, ShapeText, site, Trail) { Call = call, Result = Shape } };

    public static string TextOf(Shape shape, bool isSequence) => "[" + string.Join(
        ", ", shape.Extents.Select((extent, axis) => axis == 1 && isSequence && shape.HasBatch ? $"T={extent}" : extent.ToString())) + "]";
}

/// <summary>One step of the path on which a value was computed.</summary>
internal sealed record Trail(string Name, string Shape, Site Site, Trail? Previous)
{
    /// <summary>The layer; null for operators and functions.</summary>
    public LayerCall? Call { get; init; }

    /// <summary>The shape of the result.</summary>
    public Graph.Shape Result { get; init; }

    /// <summary>The steps from this one back to the first.</summary>
    public IEnumerable<Trail> Back
    {
        get
        {
            for (var step = this; step is not null; step = step.Previous) yield return step;
        }
    }

    // Errors show the path from the input; the middle of a long path is omitted.
    private const int Shown = 6;

    public override string ToString()
    {
        var steps = new List<string>();
        for (var step = this; step is not null; step = step.Previous) steps.Insert(0, $"{step.Name} {step.Shape}");
        if (steps.Count > Shown) steps = [steps[0], "…", .. steps.Skip(steps.Count - Shown + 2)];
        return string.Join(" → ", steps);
    }
}
