using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>Elements of a window, one after the other, that exist for the same positions of a run: from one, up to another.</summary>
internal sealed record RunPart(int Count, int From, int To);

/// <summary>Runs whose windows are cut alike: those from where the kind before ends up to <paramref name="To"/>.</summary>
/// <param name="Suffix">What tells its tiles' names from those of other kinds.</param>
/// <param name="To">Number of the first run behind.</param>
/// <param name="Parts">All elements of the window, in order.</param>
internal sealed record RunKind(string Suffix, int To, EquatableArray<RunPart> Parts);

/// <summary>
/// Neighbouring positions of a result that one tile holds, along an axis on which a window's bounds depend. Which elements of the window exist at which of them is known when
/// the tile is written: it goes over the elements in order and leaves out, for each, the positions from where it would lie beyond an edge. So a single
/// image fills a tile, and neighbours share what they read.
/// </summary>
internal sealed class TileRun
{
    /// <summary>Vector statements that the parts of a sum may have together: a longer tile has more locals than a JIT compiler keeps in registers.</summary>
    private const int MostStatements = 120;

    private TileRun(ContractNode contract, int axis, int chunk, int element, int length, IReadOnlyList<RunKind> kinds) =>
        (Contract, Axis, Chunk, Element, Length, Kinds) = (contract, axis, chunk, element, length, kinds);

    /// <summary>
    /// The contraction, reading an operand through the window where it was in the result, and with the axis of positions as two where there are several runs: the run, and
    /// the position in it.
    /// </summary>
    public ContractNode Contract { get; }

    /// <summary>The axis of the window's elements.</summary>
    public int Axis { get; }

    /// <summary>The axis of the runs; <see cref="Element"/> where there is one.</summary>
    public int Chunk { get; }

    /// <summary>The axis of a run's positions.</summary>
    public int Element { get; }

    /// <summary>Positions of a run.</summary>
    public int Length { get; }

    /// <summary>The kinds of runs, in the order of their positions.</summary>
    public IReadOnlyList<RunKind> Kinds { get; }

    /// <summary>The runs of a contraction; null where no window reaches over an edge, or no tile would be filled.</summary>
    public static TileRun? Of(CpuTarget target, ContractRoles roles)
    {
        var (domain, ranges) = (roles.Domain, roles.Nest.Ranges);
        if (roles.Summed.Any(axis => domain[axis].IsBatch) || ranges.LastOrDefault(IsAlone) is not { } range) return null;
        var coordinate = roles.Nest.Output.Coordinates.ToList().IndexOf(Coordinate.Of(range.Positions[0]));
        var positions = domain[range.Positions[0]].Value;
        var length = Enumerable.Range(1, Math.Min(positions, target.MostRows)).Last(length => positions % length == 0 && Statements(length) <= MostStatements);
        var kinds = KindsOf(range.Form, positions / length, length);
        if (coordinate < 0 || length == 1 || kinds.All(kind => kind.Parts.All(part => part == new RunPart(range.Form.Extent, 0, length)))) return null;
        var contract = range.Form.IsResult ? ThroughOperand(roles.Contract, coordinate, range, positions) : roles.Contract;
        var position = contract.Output[coordinate].Axis;
        return positions == length
            ? new TileRun(contract, range.Axis, position, position, length, kinds)
            : new TileRun(Split(contract, position, length), range.Axis, position, contract.Domain.Rank, length, kinds);

        // A window of the result is one of an operand's where its elements are neighbours.
        bool IsAlone(WindowRange range) => range.Positions.Count == 1 && !domain[range.Positions[0]].IsBatch && ranges.Count(other => other.Positions.Contains(range.Positions[0])) == 1
            && (range.Form.IsResult ? range.Form.Stride == 1 && range.Dependent >= 0 && !IsInB(range.Dependent) : !IsInB(range.Positions[0]));

        int Statements(int length) => length == 1 ? 0
            : KindsOf(range.Form, positions / length, length).Max(kind => kind.Parts.Sum(part => ((part.To - part.From) * (1 + target.TileVectors)) + target.TileVectors));

        bool IsInB(int axis) => roles.B.Map.Coordinates.Any(coordinate => coordinate.Terms.Any(term => term.Axis == axis));
    }

    /// <summary>The contraction over the positions h of the result's window <c>h = i + d·k + c</c> instead of the index i.</summary>
    private static ContractNode ThroughOperand(ContractNode contract, int coordinate, WindowRange range, int positions)
    {
        var extents = contract.Domain.Extents.ToArray();
        extents[range.Dependent] = positions;
        var over = Enumerable.Range(0, extents.Length).Select(axis => Coordinate.Of(axis)).ToArray();
        over[range.Dependent] = new Coordinate(EquatableArray.Of(new Term(range.Dependent, 1), new Term(range.Axis, -range.Form.Scale)), range.Form.Offset);
        var output = contract.Output.Coordinates.ToArray();
        output[coordinate] = Coordinate.Of(range.Dependent);
        return contract.Over(new Shape([.. extents]), new IndexMap(output.ToEquatableArray()), new IndexMap(over.ToEquatableArray()));
    }

    private static ContractNode Split(ContractNode contract, int position, int length)
    {
        var extents = contract.Domain.Extents.ToList();
        var (split, element) = (Enumerable.Range(0, extents.Count).Select(axis => Coordinate.Of(axis)).ToArray(), extents.Count);
        split[position] = new Coordinate(EquatableArray.Of(new Term(position, length), new Term(element, 1)));
        extents[position] = extents[position].Value / length;
        extents.Add(length);
        var over = new IndexMap(split.ToEquatableArray());
        return contract.Over(new Shape([.. extents]), contract.Output.After(over), over);
    }

    private static List<RunKind> KindsOf(WindowForm form, int runs, int length)
    {
        var kinds = new List<RunKind>();
        for (var run = 0; run < runs; run++)
        {
            var parts = PartsOf(form, run * length, length);
            if (kinds.LastOrDefault() is { } last && last.Parts.Equals(parts)) kinds[kinds.Count - 1] = last with { To = run + 1 };
            else kinds.Add(new RunKind("", run + 1, parts));
        }

        if (kinds.Count == 1) return kinds;
        var names = new Names();
        return [.. kinds.Select(kind => kind with { Suffix = Names.Pascal(names.Unique(NameOf(kind.Parts, length))) })];
    }

    private static EquatableArray<RunPart> PartsOf(WindowForm form, int first, int length)
    {
        var parts = new List<RunPart>();
        for (var tap = 0; tap < form.Extent; tap++)
        {
            var from = (form.Scale * (form.IsResult ? -tap : tap)) + form.Offset;
            var inside = Enumerable.Range(0, length).Where(position => (form.Rest[0].Scale * (first + position)) + from is >= 0 and var at && at < form.Size).ToArray();
            var part = inside.Length == 0 ? new RunPart(1, 0, 0) : new RunPart(1, inside[0], inside[inside.Length - 1] + 1);
            if (parts.LastOrDefault() is { } last && (last.From, last.To) == (part.From, part.To)) parts[parts.Count - 1] = last with { Count = last.Count + 1 };
            else parts.Add(part);
        }

        return parts.ToEquatableArray();
    }

    private static string NameOf(EquatableArray<RunPart> parts, int length) => (parts.Any(part => part.From > 0 || part.To == 0), parts.Any(part => part.To < length)) switch
    {
        (true, false) => "AtStart",
        (false, true) => "AtEnd",
        (true, true) => "AtEdges",
        _ => "Inside",
    };
}
