using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>Lowers lists of layers: the model's own, and those of blocks.</summary>
internal static class LayerLists
{
    /// <summary>The value after all layers; null after a problem.</summary>
    public static Value? Lower(IEnumerable<LayerSpec> layers, BlockScope block, LoweringState state, Value input)
    {
        var value = input;
        foreach (var spec in layers)
        {
            var layer = LayerTable.Find(spec.Kind);
            var call = new LayerCall(spec);
            value = layer is Composite composite ? composite.LowerBlocks(call, block, state, value) : LowerOne(layer, call, block, state, value);
            if (value is null) return null;
        }

        return value;
    }

    /// <summary>The value after one instance of a block, under the next free name of its kind.</summary>
    public static Value? LowerBlock(LayerCall call, int ordinal, BlockScope outer, LoweringState state, Value input)
    {
        var key = call.Blocks[ordinal];
        if (state.FindBlock(key) is not { } block) return null; // Not a block: reported where it was read.
        if (state.OpenBlocks.Contains(key))
        {
            var cycle = state.OpenBlocks.SkipWhile(open => open != key).Append(key).Select(open => state.FindBlock(open)!.Name);
            state.Report(Problem.At(Descriptors.BlockCycle.Id, call.SiteOfBlock(ordinal), block.Name, string.Join(" → ", cycle)));
            return null;
        }

        if (NameOf(call, block.Name, outer, state) is not { } name) return null;
        var row = state.Rows.Count;
        state.OpenBlocks.Add(key);
        var output = Lower(block.Layers, new BlockScope(block.Name, outer.PathOf(name), outer.Depth + 1), state, input);
        state.OpenBlocks.RemoveAt(state.OpenBlocks.Count - 1);
        if (output is null) return null;
        state.Rows.Insert(row, new LayerRow(outer.Depth, name, call.Text, output.ShapeText, 0, 0, 4L * output.Shape.Length));
        return output;
    }

    private static Value? LowerOne(Layer layer, LayerCall call, BlockScope block, LoweringState state, Value input)
    {
        if (layer is SourceLayer or LossLayer)
        {
            state.Report(Problem.At(Descriptors.NotInBlock.Id, call.Site, $"[{call.Text}]", block.Owner));
            return null;
        }

        if (NameOf(call, call.Kind, block, state) is not { } name) return null;
        var scope = new LayerScope(state, block, call, name, input);
        if (layer.TakesTokens != (input.Node.Type == ElementType.Int))
        {
            return layer.TakesTokens
                ? scope.NotAccepted("token ids", "did you mean [TokenInput(length, vocabulary)] as the input?")
                : scope.NotAccepted("numbers", "token ids become numbers in an embedding: did you mean [Embedding(64)] before it?");
        }

        var known = state.Parameters.Count;
        if (layer.Lower(call, scope, input) is not { } value) return null;
        if (!scope.Fits($"The output of '{name}'", value.Shape.Length)) return null;
        state.Rows.Add(new LayerRow(
            block.Depth,
            name,
            call.Text,
            value.ShapeText,
            state.Parameters.Skip(known).Sum(parameter => (long)parameter.Shape.Length),
            state.CountFlops(value.Node),
            4L * value.Shape.Length));
        return value.After(block.PathOf(name));
    }

    private static string? NameOf(LayerCall call, string kind, BlockScope block, LoweringState state)
    {
        var name = block.NameOf(call, kind);
        if (block.Claim(name, call) is not { } other) return name;
        state.Report(Problem.At(Descriptors.DuplicateName.Id, call.SiteOf("name"), name, $"[{other.Text}]", block.Owner).With(other.SiteOf("name")));
        return null;
    }
}
