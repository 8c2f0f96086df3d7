using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>Consecutive elements of a window that exist for the same positions of a range.</summary>
internal sealed record RangePart(int Count, int From, int To);

/// <summary>Consecutive ranges of positions at which the same elements of the window exist.</summary>
/// <param name="Suffix">The suffix of the names of its tiles.</param>
/// <param name="To">The number after the last range of this kind.</param>
/// <param name="Parts">All elements of the window, in order.</param>
internal sealed record RangeKind(string Suffix, int To, EquatableArray<RangePart> Parts);

/// <summary>
/// A range of adjacent positions of a result that one tile holds, along an axis on which the bounds of a window depend. The elements of the window that exist at each position
/// are known when the tile is written. The tile processes the elements in order and, for each, omits the positions at which the element is beyond an edge. A single image
/// therefore fills a tile, and adjacent positions share operands.
/// </summary>
internal sealed class PositionRange
{
    /// <summary>The greatest number of vector statements in all parts of a sum. A longer tile has more locals than a JIT compiler keeps in registers.</summary>
    private const int MostStatements = 120;

    private PositionRange(ContractLoops contract, int axis, int chunk, int element, int length, IReadOnlyList<RangeKind> kinds) =>
        (Loops, Axis, Chunk, Element, Length, Kinds) = (contract, axis, chunk, element, length, kinds);

    /// <summary>
    /// The iterations of the contraction, changed in two ways: an operand is read through the window if the window was in the result, and if there are several ranges, the axis of positions is
    /// split into the range and the position in it.
    /// </summary>
    public ContractLoops Loops { get; }

    /// <summary>The axis of the window's elements.</summary>
    public int Axis { get; }

    /// <summary>The axis of the ranges; equal to <see cref="Element"/> if there is only one.</summary>
    public int Chunk { get; }

    /// <summary>The axis of the positions in a range.</summary>
    public int Element { get; }

    /// <summary>The number of positions in a range.</summary>
    public int Length { get; }

    /// <summary>The kinds of ranges, in the order of their positions.</summary>
    public IReadOnlyList<RangeKind> Kinds { get; }

    /// <summary>Returns the ranges of a contraction; null if no window extends beyond an edge, or no tile would be filled.</summary>
    public static PositionRange? Of(CpuTarget target, ContractRoles roles)
    {
        var (domain, ranges) = (roles.Domain, roles.IterationDomain.Ranges);
        if (roles.Summed.Any(axis => domain[axis].IsBatch) || ranges.LastOrDefault(IsAlone) is not { } range) return null;
        var coordinate = roles.IterationDomain.Output.Coordinates.ToList().IndexOf(Coordinate.Of(range.Positions[0]));
        var positions = domain[range.Positions[0]].Value;
        var length = Enumerable.Range(1, Math.Min(positions, target.MostRows)).Last(length => positions % length == 0 && Statements(length) <= MostStatements);
        var kinds = KindsOf(range.Form, positions / length, length);
        if (coordinate < 0 || length == 1 || kinds.All(kind => kind.Parts.All(part => part == new RangePart(range.Form.Extent, 0, length)))) return null;
        var contract = range.Form.IsResult ? ThroughOperand(roles.Loops, coordinate, range, positions) : roles.Loops;
        var position = contract.Output[coordinate].Axis;
        return positions == length
            ? new PositionRange(contract, range.Axis, position, position, length, kinds)
            : new PositionRange(Split(contract, position, length), range.Axis, position, contract.Domain.Rank, length, kinds);

        // If the stride is 1, a window of the result is equivalent to a window of an operand.
        bool IsAlone(WindowRange range) => range.Positions.Count == 1 && !domain[range.Positions[0]].IsBatch && ranges.Count(other => other.Positions.Contains(range.Positions[0])) == 1
            && (range.Form.IsResult ? range.Form.Stride == 1 && range.Dependent >= 0 && !IsInB(range.Dependent) : !IsInB(range.Positions[0]));

        int Statements(int length) => length == 1 ? 0
            : KindsOf(range.Form, positions / length, length).Max(kind => kind.Parts.Sum(part => ((part.To - part.From) * (1 + target.TileVectors)) + target.TileVectors));

        bool IsInB(int axis) => roles.B.Map.Coordinates.Any(coordinate => coordinate.Terms.Any(term => term.Axis == axis));
    }

    /// <summary>Returns the contraction with the positions h of the result's window <c>h = i + d·k + c</c> as an axis instead of the index i.</summary>
    private static ContractLoops ThroughOperand(ContractLoops contract, int coordinate, WindowRange range, int positions)
    {
        var extents = contract.Domain.Extents.ToArray();
        extents[range.Dependent] = positions;
        var over = Enumerable.Range(0, extents.Length).Select(axis => Coordinate.Of(axis)).ToArray();
        over[range.Dependent] = new Coordinate(EquatableArray.Of(new Term(range.Dependent, 1), new Term(range.Axis, -range.Form.Scale)), range.Form.Offset);
        var output = contract.Output.Coordinates.ToArray();
        output[coordinate] = Coordinate.Of(range.Dependent);
        return contract.Over(new Shape([.. extents]), new IndexMap(output.ToEquatableArray()), new IndexMap(over.ToEquatableArray()));
    }

    private static ContractLoops Split(ContractLoops contract, int position, int length)
    {
        var extents = contract.Domain.Extents.ToList();
        var (split, element) = (Enumerable.Range(0, extents.Count).Select(axis => Coordinate.Of(axis)).ToArray(), extents.Count);
        split[position] = new Coordinate(EquatableArray.Of(new Term(position, length), new Term(element, 1)));
        extents[position] = extents[position].Value / length;
        extents.Add(length);
        var over = new IndexMap(split.ToEquatableArray());
        return contract.Over(new Shape([.. extents]), contract.Output.After(over), over);
    }

    private static List<RangeKind> KindsOf(WindowForm form, int count, int length)
    {
        var kinds = new List<RangeKind>();
        for (var range = 0; range < count; range++)
        {
            var parts = PartsOf(form, range * length, length);
            if (kinds.LastOrDefault() is { } last && last.Parts.Equals(parts)) kinds[kinds.Count - 1] = last with { To = range + 1 };
            else kinds.Add(new RangeKind("", range + 1, parts));
        }

        if (kinds.Count == 1) return kinds;
        var names = new Names();
        return [.. kinds.Select(kind => kind with { Suffix = Names.Pascal(names.Unique(NameOf(kind.Parts, length))) })];
    }

    private static EquatableArray<RangePart> PartsOf(WindowForm form, int first, int length)
    {
        var parts = new List<RangePart>();
        for (var tap = 0; tap < form.Extent; tap++)
        {
            var from = (form.Scale * (form.IsResult ? -tap : tap)) + form.Offset;
            var inside = Enumerable.Range(0, length).Where(position => (form.Rest[0].Scale * (first + position)) + from is >= 0 and var at && at < form.Size).ToArray();
            var part = inside.Length == 0 ? new RangePart(1, 0, 0) : new RangePart(1, inside[0], inside[inside.Length - 1] + 1);
            if (parts.LastOrDefault() is { } last && (last.From, last.To) == (part.From, part.To)) parts[parts.Count - 1] = last with { Count = last.Count + 1 };
            else parts.Add(part);
        }

        return parts.ToEquatableArray();
    }

    private static string NameOf(EquatableArray<RangePart> parts, int length) => (parts.Any(part => part.From > 0 || part.To == 0), parts.Any(part => part.To < length)) switch
    {
        (true, false) => "AtStart",
        (false, true) => "AtEnd",
        (true, true) => "AtEdges",
        _ => "Inside",
    };
}
