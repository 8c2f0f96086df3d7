using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Memory;

/// <summary>
/// The offset and layout of every parameter in the flat buffer, the same for all plans, targets and widths: trainable ones first, so that they and
/// their gradients are one run each, then frozen ones, then states, then constants.
/// </summary>
internal sealed class ParameterPlan
{
    /// <summary>Parameters start at whole cache lines, in bytes.</summary>
    private const int CacheLine = 64;

    private readonly Dictionary<string, ParameterSlot> slots = [];

    private ParameterPlan(IReadOnlyList<ParameterSlot> slots)
    {
        Slots = slots;
        foreach (var slot in slots) this.slots.Add(slot.Parameter.Name, slot);
        Bytes = slots.Sum(slot => slot.Bytes);
        TrainableBytes = slots.Where(slot => !slot.Parameter.Frozen).Sum(slot => slot.Bytes);
    }

    public IReadOnlyList<ParameterSlot> Slots { get; }

    /// <summary>The parameter buffer in bytes.</summary>
    public long Bytes { get; }

    /// <summary>The gradient buffer in bytes.</summary>
    public long TrainableBytes { get; }

    /// <summary>The parameter buffer in floats, as the runtime counts.</summary>
    public int Floats => checked((int)(Bytes / sizeof(float)));

    /// <summary>The gradient buffer in floats, as the runtime counts.</summary>
    public int TrainableFloats => checked((int)(TrainableBytes / sizeof(float)));

    public ParameterSlot this[string name] => slots[name];

    /// <summary>Lays out the parameters, and the constants that one of the graphs reads.</summary>
    /// <param name="parameters">In the order of the model.</param>
    /// <param name="graphs">Every graph of the model, prepared for fusion.</param>
    public static ParameterPlan Create(IEnumerable<ParameterNode> parameters, IReadOnlyList<ModelGraph> graphs)
    {
        var uses = new ParameterUses(graphs);
        var planned = new List<ParameterSlot>();
        var offset = 0L;
        var constants = graphs.SelectMany(graph => graph.Nodes).OfType<ConstantNode>().Distinct();
        foreach (var parameter in parameters.OrderBy(parameter => parameter is StateNode ? 2 : parameter.Frozen ? 1 : 0).Concat(constants))
        {
            var layout = LayoutOf(parameter, uses);
            var length = layout is Panels panels ? panels.Length : parameter.Shape.Length;
            var bytes = (((long)length * parameter.Type.Size()) + CacheLine - 1) / CacheLine * CacheLine;
            planned.Add(new ParameterSlot(parameter, layout, offset, bytes));
            offset += bytes;
        }

        return new ParameterPlan(planned);
    }

    /// <summary>Panels when nothing but contractions reads the parameter, all forward ones along one axis; plain rows otherwise.</summary>
    private static Layout LayoutOf(ParameterNode parameter, ParameterUses uses)
    {
        var plain = Strided.RowMajor(parameter.Shape);

        // A state is written by what is no contraction.
        if (parameter is StateNode || uses.IsWrittenPlain(parameter.Name)) return plain;
        Panels? panels = null;
        foreach (var (reader, operand) in uses.ReadersOf(parameter.Name))
        {
            if (reader is not ContractNode contract) return plain;
            panels ??= PanelsOf(contract, operand);
        }

        return panels is null ? plain : panels;
    }

    /// <summary>
    /// Panels along the axis that is the last of the product; null where there is none. Rows lie in the order in which the other operand has them,
    /// so that a window's channels are read in one run.
    /// </summary>
    private static Panels? PanelsOf(ContractNode contract, Operand operand)
    {
        var (map, shape) = (operand.Map, operand.Node.Shape);
        var last = contract.Output[contract.Output.Rank - 1].Axis;
        for (var k = 0; k < map.Rank; k++)
        {
            if (last < 0 || !map[k].Terms.Any(term => term == new Term(last, 1)) || map[k].Offset != 0) continue;
            var columns = contract.Domain[last].Value;
            var groups = shape[k].Value / columns;
            var isGrouped = map[k].Terms.Count == 2 && map[k].Terms.Any(term => term == new Term(term.Axis, columns) && contract.Domain[term.Axis].Value == groups);
            if (map[k].Axis < 0 && !isGrouped) return null;

            // Of a group that ends within a panel the layout has no form in mixed radix.
            if (groups > 1 && columns > Panels.Width && columns % Panels.Width != 0) return null;
            var rows = Enumerable.Range(0, map.Rank).Where(axis => axis != k).OrderBy(axis => PositionIn(contract, operand, map[axis])).ToEquatableArray();
            return new Panels(k, columns, shape.Length / shape[k].Value, rows, groups);
        }

        return null;
    }

    private static int PositionIn(ContractNode contract, Operand operand, Coordinate coordinate)
    {
        var other = contract.A == operand ? contract.B : contract.A;
        if (coordinate.Axis < 0) return -1;
        for (var k = 0; k < other.Map.Rank; k++)
        {
            if (other.Map[k].Terms.Any(term => term.Axis == coordinate.Axis)) return k;
        }

        return int.MaxValue;
    }
}

/// <summary>One parameter's part of the buffer.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Layout">How its elements lie in the buffer.</param>
/// <param name="ByteOffset">Where it starts, in bytes.</param>
/// <param name="Bytes">How long it is, pads included.</param>
internal sealed record ParameterSlot(ParameterNode Parameter, Layout Layout, long ByteOffset, long Bytes)
{
    /// <summary>Where it starts, in elements.</summary>
    public int Offset => checked((int)(ByteOffset / Parameter.Type.Size()));

    /// <summary>How long it is in elements, pads included.</summary>
    public int Length => checked((int)(Bytes / Parameter.Type.Size()));
}
