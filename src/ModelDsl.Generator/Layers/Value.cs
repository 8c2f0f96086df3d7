using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>What flows from layer to layer: a node, where it came from, and what people call its axes.</summary>
/// <param name="Node">The value.</param>
/// <param name="IsSequence">Whether axis 1 counts positions, which errors call T.</param>
/// <param name="Trail">The layers it has passed, last first.</param>
internal sealed record Value(Node Node, bool IsSequence = false, Trail? Trail = null)
{
    public Shape Shape => Node.Shape;

    /// <summary>Where the size of the last axis is written, if it is.</summary>
    public WrittenWidth? Written { get; init; }

    /// <summary>Which positions of a sequence count; null where all do, or where axis 1 counts positions no more.</summary>
    public PositionMask? Mask
    {
        get => IsSequence && Shape.HasBatch && Shape.Rank > 1 && field?.Node.Shape[1] == Shape[1] ? field : null;
        init;
    }

    /// <summary>The size of the last axis.</summary>
    public int Width => Shape[Shape.Rank - 1].Value;

    /// <summary>Of token ids: how many different ones there are.</summary>
    public int Bound => Column.Bound;

    /// <summary>Of labels: the one that does not count, if there is one.</summary>
    public int? Ignored => Column.Ignored;

    /// <summary>Of token ids and labels: the column they are a part of.</summary>
    private InputNode Column
    {
        get
        {
            var node = Node;
            while (node is not InputNode) node = node.Operands[0].Node;
            return (InputNode)node;
        }
    }

    /// <summary>The shape with names where sizes have them: <c>[N, T=128, 64]</c>.</summary>
    public string ShapeText => TextOf(Shape, IsSequence);

    /// <summary>The name of the layer that made it.</summary>
    public string Producer => Trail?.Name ?? "input";

    /// <summary>This value as what a layer or function has given.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="site">Where it stands.</param>
    /// <param name="call">The layer, where it is one.</param>
    public Value After(string name, Site site, LayerCall? call = null) => this with { Trail = new Trail(name, ShapeText, site, Trail) { Call = call, Result = Shape } };

    public static string TextOf(Shape shape, bool isSequence) => "[" + string.Join(
        ", ", shape.Extents.Select((extent, axis) => axis == 1 && isSequence && shape.HasBatch ? $"T={extent}" : extent.ToString())) + "]";
}

/// <summary>One step of the way a value has come.</summary>
internal sealed record Trail(string Name, string Shape, Site Site, Trail? Previous)
{
    /// <summary>The layer it is; null for operators and functions.</summary>
    public LayerCall? Call { get; init; }

    /// <summary>The shape it gives.</summary>
    public Graph.Shape Result { get; init; }

    /// <summary>The steps from this one back to the first.</summary>
    public IEnumerable<Trail> Back
    {
        get
        {
            for (var step = this; step is not null; step = step.Previous) yield return step;
        }
    }

    // Errors show the way from the input; of a long way the middle says little.
    private const int Shown = 6;

    public override string ToString()
    {
        var steps = new List<string>();
        for (var step = this; step is not null; step = step.Previous) steps.Insert(0, $"{step.Name} {step.Shape}");
        if (steps.Count > Shown) steps = [steps[0], "…", .. steps.Skip(steps.Count - Shown + 2)];
        return string.Join(" → ", steps);
    }
}
