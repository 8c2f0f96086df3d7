namespace ModelDsl.Generator.Layers;

/// <summary>A layer that is composed of blocks. Each use of a block is a separate instance with its own parameters.</summary>
internal abstract class Composite : Layer
{
    public abstract LayerValue? LowerBlocks(LayerCall call, BlockScope block, LoweringState state, LayerValue input);

    public sealed override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input) =>
        throw new InvalidOperationException("A composite is lowered with its surroundings.");
}
