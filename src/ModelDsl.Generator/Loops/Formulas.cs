using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops;

/// <summary>Describes a group in readable formulas: one line per member, with shapes.</summary>
internal static class Formulas
{
    private static readonly string[] Letters = ["i", "j", "k", "l", "p", "q", "u", "v"];
    private static readonly Dictionary<string, string> Subscripts = new()
    {
        ["n"] = "ₙ",
        ["i"] = "ᵢ",
        ["j"] = "ⱼ",
        ["k"] = "ₖ",
        ["l"] = "ₗ",
        ["p"] = "ₚ",
        ["u"] = "ᵤ",
        ["v"] = "ᵥ",
    };

    public static IReadOnlyList<string> Of(Group group)
    {
        var letters = LettersOf(group.Anchor.Domain);
        // The pointwise stages of a contraction use the letters of its result.
        if (group.Anchor is ContractNode contract) letters = [.. contract.Output.Coordinates.Select(coordinate => coordinate.Axis < 0 ? "·" : letters[coordinate.Axis])];
        return [.. group.Members.Select(member => Line(member, member is MapNode && member.Shape == group.Anchor.Shape ? letters : LettersOf(member.Domain)))];
    }

    private static string Line(Node node, string[] letters)
    {
        var left = node switch
        {
            ContractNode contract => Indices(contract.Output, letters),
            ReduceNode reduce => Indices(reduce.Output, letters),
            _ => Indices(IndexMap.Identity(node.Shape.Rank), letters),
        };
        return $"{node.Name}{left} = {Right(node, letters)}   {node.Shape}";
    }

    private static string Right(Node node, string[] letters) => node switch
    {
        MapNode map => Print(map.Body, map.Operands, letters),
        ContractNode contract => $"{Over("Σ", contract.Domain, contract.Output, letters)} {Element(contract.A, letters)} · {Element(contract.B, letters)}",
        ReduceNode reduce => $"{Over(Symbol(reduce.Op), reduce.Domain, reduce.Output, letters)} {Term(reduce, letters)}",
        GatherNode gather => $"{gather.Table.Name}[{gather.Ids.Name}{Indices(IndexMap.Identity(gather.Ids.Shape.Rank), letters)}, {letters[gather.Shape.Rank - 1]}]",
        ScatterAddNode scatter => $"Σ {scatter.Source.Name}[…, {letters[1]}] where {scatter.Ids.Name}[…] = {letters[0]}",
        CacheNode cache => $"{cache.Rows.Name} at the positions {cache.Positions.Name}[n, …], what earlier calls have written at others",
        RecallNode recall => $"what was kept before the position {recall.Positions.Name}[n, 0], {Element(Operand.Whole(recall.Start), letters)} before position 0",
        ConcatNode concat => string.Join(" ++ ", concat.Operands.Select(operand => operand.Node.Name)),
        _ => string.Join(", ", node.Operands.Select(operand => operand.Node.Name)),
    };

    private static string Symbol(ReduceOp op) => op switch
    {
        ReduceOp.Sum => "Σ",
        ReduceOp.Max => "max",
        ReduceOp.ArgMax => "argmax",
    };

    private static string Term(ReduceNode reduce, string[] letters)
    {
        var text = Print(reduce.Body, reduce.Operands, letters);
        return reduce.Body is Apply { Op: ScalarOp.Add or ScalarOp.Subtract or ScalarOp.Select } ? $"({text})" : text;
    }

    /// <summary>The operator and the indices that it runs over.</summary>
    private static string Over(string symbol, Shape domain, IndexMap output, string[] letters)
    {
        var kept = output.Coordinates.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis).ToArray();
        var summed = Enumerable.Range(0, domain.Rank).Except(kept).Select(axis => Subscripts.TryGetValue(letters[axis], out var subscript) ? subscript : letters[axis]);
        return symbol + string.Concat(summed);
    }

    private static string Print(Expr body, IReadOnlyList<Operand> operands, string[] letters) =>
        ExprPrinter.Print(body, leaf => Element(operands[leaf], letters), axis => letters[axis]);

    private static string Element(Operand operand, string[] letters) => operand.Node switch
    {
        InverseBatchNode => "1/N",
        MapNode { Operands.Count: 0, Body: Constant constant } => ExprPrinter.Print(constant, _ => "", _ => ""),
        _ => operand.Node.Name + Indices(operand.Map, letters),
    };

    private static string Indices(IndexMap map, string[] letters) => map.Rank == 0
        ? "" : $"[{string.Join(", ", map.Coordinates.Select(coordinate => Index(coordinate, letters)))}]";

    private static string Index(Coordinate coordinate, string[] letters)
    {
        var terms = coordinate.Terms.Select(term => term.Scale == 1 ? letters[term.Axis] : $"{term.Scale}·{letters[term.Axis]}").ToList();
        if (coordinate.Offset != 0 || terms.Count == 0) terms.Add(coordinate.Offset.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return string.Join(" + ", terms);
    }

    private static string[] LettersOf(Shape domain) =>
        [.. Enumerable.Range(0, domain.Rank).Select(axis => domain[axis].IsBatch ? "n" : Letters[Math.Min(axis - (domain.HasBatch ? 1 : 0), Letters.Length - 1)])];
}
