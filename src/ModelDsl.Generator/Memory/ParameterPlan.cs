using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Memory;

/// <summary>
/// The offset and layout of every parameter in the flat buffer, the same for all plans, targets and widths: first the trainable ones, so that they and
/// their gradients are contiguous ranges, then frozen parameters, states and constants.
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

    /// <summary>The size of the parameter buffer in bytes.</summary>
    public long Bytes { get; }

    /// <summary>The size of the gradient buffer in bytes.</summary>
    public long TrainableBytes { get; }

    /// <summary>The length of the parameter buffer in floats.</summary>
    public int Floats => checked((int)(Bytes / sizeof(float)));

    /// <summary>The length of the gradient buffer in floats.</summary>
    public int TrainableFloats => checked((int)(TrainableBytes / sizeof(float)));

    public ParameterSlot this[string name] => slots[name];

    /// <summary>Assigns offsets and layouts to the parameters, and to the constants that one of the graphs reads.</summary>
    /// <param name="parameters">The parameters, in the order of the model.</param>
    /// <param name="graphs">All graphs of the model, prepared for fusion.</param>
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

    /// <summary>Returns panels if only contractions read the parameter, along the columns of the first one or across the rows of others, and none across panels; otherwise row-major.</summary>
    private static Layout LayoutOf(ParameterNode parameter, ParameterUses uses)
    {
        var plain = Strided.RowMajor(parameter.Shape);

        // Kernels other than contractions write states.
        if (parameter is StateNode || uses.IsWrittenPlain(parameter.Name)) return plain;
        Panels? panels = null;
        foreach (var (reader, operand) in uses.ReadersOf(parameter.Name))
        {
            if (reader is not ContractNode contract) return plain;
            panels ??= PanelsOf(contract, operand);
        }

        return panels is null || uses.ReadersOf(parameter.Name).Any(use => use.Operand.Map[panels.ColumnAxis].Offset != 0 || IsAcross(panels, (ContractNode)use.Reader, use.Operand)) ? plain : panels;
    }

    /// <summary>
    /// Whether a contraction reads the columns of panels as the terms or rows of a result whose lanes are an axis of the other operand, as the gradient behind a transposition. Panels
    /// that are read along other axes can be transposed into others, but numbers that are broadcast to all lanes must have even strides.
    /// </summary>
    private static bool IsAcross(Panels panels, ContractNode contract, Operand operand)
    {
        var lanes = contract.Output[contract.Output.Rank - 1].Axis;
        return lanes >= 0 && operand.Map[panels.ColumnAxis].Terms.Any(term => term.Scale == 1) && !operand.Map.Coordinates.Any(coordinate => coordinate.Terms.Any(term => term.Axis == lanes));
    }

    /// <summary>
    /// Returns panels along the axis that is the last of the product; null if there is none. The order of the rows is that of the other operand,
    /// so that the channels of a window are contiguous.
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

            // A part of the columns, such as a slice of the weight.
            if (groups * columns != shape[k].Value || (!isGrouped && groups != 1)) return null;

            // If a group ends within a panel, the layout has no form in mixed radix.
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

/// <summary>The part of the buffer for one parameter.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Layout">How its elements lie in the buffer.</param>
/// <param name="ByteOffset">The offset in bytes.</param>
/// <param name="Bytes">The length in bytes, including pads.</param>
internal sealed record ParameterSlot(ParameterNode Parameter, Layout Layout, long ByteOffset, long Bytes)
{
    /// <summary>The offset in elements.</summary>
    public int Offset => checked((int)(ByteOffset / Parameter.Type.Size()));

    /// <summary>The length in elements, including pads.</summary>
    public int Length => checked((int)(Bytes / Parameter.Type.Size()));
}
