using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>Describes a group as a person would: a line per member, with shapes.</summary>
internal static class Formulas
{
    private static readonly string[] Letters = ["i", "j", "k", "l", "p", "q", "u", "v"];

    public static IReadOnlyList<string> Of(Group group) => [.. group.Members.Select(Line)];

    private static string Line(Node node) => $"{node.Name}{Indices(IndexMap.Identity(node.Shape.Rank), node.Shape)} = {Right(node)}   {node.Shape}";

    private static string Right(Node node) => node switch
    {
        MapNode map => Print(map.Body, map.Operands, map.Domain),
        ContractNode contract => $"Σ {Element(contract.A, contract.Domain)} · {Element(contract.B, contract.Domain)}",
        ReduceNode reduce => (reduce.Op == ReduceOp.Sum ? "Σ " : "max ") + Print(reduce.Body, reduce.Operands, reduce.Domain),
        GatherNode gather => $"{gather.Table.Name}[{gather.Ids.Name}]",
        ScatterAddNode scatter => $"Σ {scatter.Source.Name} where {scatter.Ids.Name} is the row",
        ConcatNode concat => string.Join(" ++ ", concat.Operands.Select(operand => operand.Node.Name)),
        _ => string.Join(", ", node.Operands.Select(operand => operand.Node.Name)),
    };

    private static string Print(Expr body, IReadOnlyList<Operand> operands, Shape domain) =>
        ExprPrinter.Print(body, leaf => Element(operands[leaf], domain), axis => Letter(axis, domain));

    private static string Element(Operand operand, Shape domain) => operand.Node is InverseBatchNode
        ? "1/N" : operand.Node is MapNode { Operands.Count: 0, Body: Constant constant } ? ExprPrinter.Print(constant, _ => "", _ => "")
        : operand.Node.Name + Indices(operand.Map, domain);

    private static string Indices(IndexMap map, Shape domain) => map.Rank == 0
        ? "" : $"[{string.Join(", ", map.Coordinates.Select(coordinate => Index(coordinate, domain)))}]";

    private static string Index(Coordinate coordinate, Shape domain)
    {
        var terms = coordinate.Terms.Select(term => term.Scale == 1 ? Letter(term.Axis, domain) : $"{term.Scale}·{Letter(term.Axis, domain)}").ToList();
        if (coordinate.Offset != 0 || terms.Count == 0) terms.Add(coordinate.Offset.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return string.Join(" + ", terms);
    }

    private static string Letter(int axis, Shape domain) => domain[axis].IsBatch ? "n" : Letters[Math.Min(Math.Max(0, axis - (domain.HasBatch ? 1 : 0)), Letters.Length - 1)];
}
