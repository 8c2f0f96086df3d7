namespace ModelDsl.Generator.Layers;

/// <summary>Applies several instances of a block in sequence, each with its own parameters.</summary>
internal sealed class RepeatLayer : Composite
{
    public override string Kind => "Repeat";

    public override LayerValue? LowerBlocks(LayerCall call, BlockScope block, LoweringState state, LayerValue input)
    {
        var count = call.Int("count");
        if (!new LayerScope(state, block, call, "repeat", input).Require(count > 0, "count", "positive")) return null;
        var name = call.Word("name", "");
        var value = input;
        for (var i = 1; i <= count && value is not null; i++)
        {
            value = LayerLists.LowerBlock(call, 0, name.Length > 0 ? name + i.ToString(LayerNames.Invariant) : null, block, state, [value]);
        }

        return value;
    }
}
