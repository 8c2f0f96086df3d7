namespace ModelDsl.Generator.Layers;

/// <summary>One instance of a block.</summary>
internal sealed class ApplyLayer : Composite
{
    public override string Kind => "Apply";

    public override LayerValue? LowerBlocks(LayerCall call, BlockScope block, LoweringState state, LayerValue input)
    {
        var name = call.Word("name", "");
        return LayerLists.LowerBlock(call, 0, name.Length > 0 ? name : null, block, state, [input]);
    }
}
