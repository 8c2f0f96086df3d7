using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>Lowers lists of layers: those of models and of blocks.</summary>
internal static class LayerLists
{
    // Limits the depth of a block that contains itself with different arguments each time.
    private const int DeepestBlock = 64;

    /// <summary>Returns the value after all layers; null after reporting.</summary>
    public static LayerValue? Lower(IEnumerable<LayerSpec> layers, BlockScope block, LoweringState state, LayerValue input)
    {
        var value = input;
        var failed = false;
        foreach (var spec in layers)
        {
            var layer = LayerTable.Find(spec.Kind);
            var call = new LayerCall(spec);
            LayerValue? Next() => layer is Composite composite ? composite.LowerBlocks(call, block, state, value) : LowerOne(layer, call, block, state, value);
            if (failed)
            {
                state.CheckArguments(() => Next());
                continue;
            }

            var next = Next();
            failed = next is null;
            value = next ?? value;
        }

        return failed ? null : value;
    }

    /// <summary>Returns the value after one instance of a block.</summary>
    /// <param name="call">The use.</param>
    /// <param name="ordinal">The index of the block among the blocks of the use.</param>
    /// <param name="name">The instance's name; null for the name of the block and the next unused number.</param>
    /// <param name="outer">The scope that contains the use.</param>
    /// <param name="state">The state of the lowering.</param>
    /// <param name="inputs">The inputs; a list of layers has one.</param>
    /// <param name="finish">An operation after the block that has its name: the sum of a residual connection.</param>
    public static LayerValue? LowerBlock(
        LayerCall call, int ordinal, string? name, BlockScope outer, LoweringState state, IReadOnlyList<LayerValue> inputs, Func<LayerScope, LayerValue, LayerValue?>? finish = null)
    {
        if (state.FindBlock(call.Blocks[ordinal]) is not { } block) return null; // Not a block: reported when it was read.
        name ??= outer.Numbered(LayerNames.Camel(block.Name));
        return Claim(name, call, outer, state) ? LowerInstance(call, ordinal, name, outer, state, inputs, finish) : null;
    }

    /// <summary>Like <see cref="LowerBlock"/>, for a name that already belongs to the instance: another use of the same weights.</summary>
    public static LayerValue? LowerInstance(
        LayerCall call, int ordinal, string name, BlockScope outer, LoweringState state, IReadOnlyList<LayerValue> inputs, Func<LayerScope, LayerValue, LayerValue?>? finish = null)
    {
        var (key, arguments) = (call.Blocks[ordinal], call.BlockArguments);
        if (state.FindBlock(key) is not { } block || IsEndless(call, ordinal, state)) return null;

        // The branches and arguments of a Forward method may depend on shapes.
        if (block.Forward is not null && state.ChecksArgumentsOnly) return null;
        var scope = new LayerScope(state, outer, call, name, inputs[0]);
        if (!TakesAll(block, call, ordinal, inputs.Count, state)) return null;
        var row = state.Rows.Count;
        var inner = new BlockScope(block.Name, scope.Path, outer.Depth + 1, outer.IsFrozen || call.Flag("frozen"));
        state.AddFormerNames(block, scope.Path);
        inner.IsRecomputed = outer.IsRecomputed || block.IsRecomputed || call.Flag("recompute");
        state.OpenBlocks.Add((key, arguments));
        var output = block.Forward is { } forward
            ? ForwardRunner.Run(forward, arguments, inner, state, inputs)
            : Lower(block.Layers, inner, state, inputs[0]);
        state.OpenBlocks.RemoveAt(state.OpenBlocks.Count - 1);

        // The outermost block contains the others.
        if (output is not null && inner.IsRecomputed && !outer.IsRecomputed) state.Recomputed.Add(new([.. inputs.Select(input => input.Node)], output.Node));
        if (output is not null && finish is not null) output = finish(scope, output);
        if (output is null) return null;
        var kind = finish is null ? call.TextOfBlock(block.Name) : call.Text;
        state.Rows.Insert(row, new LayerRow(outer.Depth, name, kind, output.ShapeText, 0, state.CountFlops(output.Node), 4L * output.Shape.Length));
        return output;
    }

    /// <summary>Whether a block takes a number of tensors; false after reporting.</summary>
    private static bool TakesAll(BlockSpec block, LayerCall call, int ordinal, int given, LoweringState state)
    {
        if (block.Forward is { IsReadable: false }) return true;
        var taken = block.Forward?.Inputs.Count ?? 1;
        if (taken == given) return true;
        state.Report(Problem.At(
            Descriptors.BlockInputs.Id,
            call.SiteOfBlock(ordinal),
            block.Name,
            taken == 1 ? "one tensor" : $"{taken} tensors",
            given == 1 ? "one" : $"{given}",
            taken > 3 ? "a block takes three at most: put some of them together"
                : taken > 1 ? $"write 'x.Apply(block, {string.Join(", ", block.Forward!.Inputs.Skip(1).Select(input => input.Name))})' in a Forward"
                : "write 'x.Apply(block)'"));
        return false;
    }

    /// <summary>Whether the block is already being lowered with the same arguments, or endlessly with different ones; true after reporting.</summary>
    private static bool IsEndless(LayerCall call, int ordinal, LoweringState state)
    {
        var use = (Key: call.Blocks[ordinal], Arguments: call.BlockArguments);
        var isCycle = state.OpenBlocks.Contains(use);
        if (!isCycle && state.OpenBlocks.Count < DeepestBlock) return false;
        var path = state.OpenBlocks.SkipWhile(open => isCycle ? open != use : open.Key != use.Key).Append(use)
            .Select(open => open.Arguments.Values.Count == 0 ? NameOf(open.Key) : $"{NameOf(open.Key)}({open.Arguments})").ToList();
        const int Shown = 4;
        if (path.Count > Shown) path = [.. path.Take(Shown - 1), "…", path[path.Count - 1]];
        state.Report(Problem.At(Descriptors.BlockCycle.Id, call.SiteOfBlock(ordinal), NameOf(use.Key), string.Join(" → ", path)));
        return true;

        string NameOf(string key) => state.FindBlock(key)!.Name;
    }

    /// <summary>Returns the value after one layer that is not composed of blocks.</summary>
    public static LayerValue? LowerOne(Layer layer, LayerCall call, BlockScope block, LoweringState state, LayerValue input)
    {
        state.Cancellation.ThrowIfCancellationRequested();
        if (layer is SourceLayer or LossLayer)
        {
            state.Report(Problem.At(Descriptors.NotInBlock.Id, call.Site, $"[{call.Text}]", block.Owner).Suggest(Repair.Remove(call.Site, $"[{call.Kind}]")));
            return null;
        }

        // The layer has no name; it names a value.
        if (layer is OutputLayer) return layer.Lower(call, new LayerScope(state, block, call, "output", input), input);
        var name = block.NameOf(call);
        if (!Claim(name, call, block, state)) return null;
        var scope = new LayerScope(state, block, call, name, input);
        if (layer.TakesTokens != (input.Node.Type == ElementType.Int))
        {
            return layer.TakesTokens
                ? scope.NotAccepted("token ids", "did you mean [TokenInput(length, vocabulary)] as the input?")
                : scope.TokensNotAccepted();
        }

        // A weight has no batch axis.
        if (!input.Shape.HasBatch) return scope.NotAccepted("a value of each sample, [N, …]", "did you mean MatMul or an operator?");
        var (known, row) = (state.Parameters.Count, state.Rows.Count);
        if (layer.Lower(call, scope, input) is not { } value) return null;
        if (!scope.Fits($"The output of '{name}'", value.Shape.Length)) return null;

        // The rows of the parts of a compound layer follow its own row.
        state.Rows.Insert(row, new LayerRow(
            block.Depth,
            name,
            call.Text,
            value.ShapeText,
            layer is CompoundLayer ? 0 : state.CountParameters(known),
            state.CountFlops(value.Node),
            4L * value.Shape.Length));
        state.Made(value.Node, block.PathOf(name), call.Kind, call.Site);
        return value.After(block.PathOf(name), call.Site, call);
    }

    /// <summary>Whether the name is valid and unused; false after reporting.</summary>
    public static bool Claim(string name, LayerCall call, BlockScope block, LoweringState state)
    {
        if (!LayerNames.IsIdentifier(name))
        {
            const string Need = "use letters, digits and underscores, beginning with a letter, as in 'encoder1'";
            state.Report(Problem.At(Descriptors.InvalidName.Id, call.SiteOf("name"), name, Need).Suggest(Rename(call, LayerNames.ToIdentifier(name))));
            return false;
        }

        if (block.Claim(name, call) is not { } other) return true;
        state.Report(Problem.At(Descriptors.DuplicateName.Id, call.SiteOf("name"), name, $"[{other.Text}]", block.Owner)
            .With(other.SiteOf("name")).Suggest(Rename(call, block.Numbered(name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9')))));
        return false;
    }

    private static Repair? Rename(LayerCall call, string? name) =>
        name is not null && call.Has("name") ? Repair.Write(call.SiteOf("name"), $"\"{name}\"", $"Call it '{name}'") : null;
}
