using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>Applies several blocks to the same input, and adds their results or concatenates them along the last axis.</summary>
internal sealed class ParallelLayer : Composite
{
    public override string Kind => "Parallel";

    public override LayerValue? LowerBlocks(LayerCall call, BlockScope block, LoweringState state, LayerValue input)
    {
        var name = block.NameOf(call);
        if (!LayerLists.Claim(name, call, block, state)) return null;
        var branches = new List<LayerValue>();
        for (var i = 0; i < call.Blocks.Count; i++)
        {
            if (LayerLists.LowerBlock(call, i, null, block, state, [input]) is not { } branch) return null;
            branches.Add(branch);
        }

        var scope = new LayerScope(state, block, call, name, input);
        if (input.Node.Type == ElementType.Int && branches.Any(branch => branch.Node.Type == ElementType.Int))
        {
            return scope.TokensNotAccepted();
        }

        var isConcat = call.Word("merge", "Add") == "Concat";
        if (Misfit(branches, isConcat) is { } misfit)
        {
            var fitsConcat = !isConcat && Misfit(branches, true) is null;
            var suggestion = fitsConcat ? "did you mean Merge.Concat?" : "";
            return scope.Report(Problem.At(
                Descriptors.BranchesDiffer.Id, call.Site, $"'{name}'", isConcat ? "Concat" : "Add", misfit, scope.PathToHere, LayerScope.After(suggestion))
                .With([.. branches.Select(branch => branch.Trail!.Site)])
                .Suggest(fitsConcat ? Repair.Write(call.SiteOf("merge"), "Merge.Concat", "Write Merge.Concat") : null));
        }

        var nodes = branches.Select(branch => branch.Node).ToArray();
        var merged = isConcat
            ? GraphBuilder.Concat(scope.NodeName, nodes[0].Shape.Rank - 1, nodes)
            // In sequence, like '+' in a Forward method, so that both forms have the same gradients in the same order.
            : nodes.Skip(1).Aggregate(nodes[0], (sum, node) => GraphBuilder.Pointwise(scope.NodeName, Add(Input(0), Input(1)), sum, node));
        var value = (branches[0] with { Node = merged }).After(scope.Path, call.Site);
        state.Rows.Add(new LayerRow(block.Depth, name, call.Text, value.ShapeText, 0, state.CountFlops(merged), 4L * merged.Shape.Length));
        return value;
    }

    private static string? Misfit(List<LayerValue> branches, bool isConcat)
    {
        var first = branches[0];
        foreach (var other in branches.Skip(1))
        {
            var fits = isConcat
                ? other.Shape.Rank == first.Shape.Rank && other.Shape.WithoutLast() == first.Shape.WithoutLast()
                : other.Shape == first.Shape;
            if (!fits) return $"'{first.Producer}' gives {first.ShapeText}, '{other.Producer}' {other.ShapeText}{(isConcat ? ", and only the last axis may differ" : "")}";
        }

        return null;
    }
}
