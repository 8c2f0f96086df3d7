namespace ModelDsl.Generator.Layers;

/// <summary>A layer that is composed of blocks. Each use of a block is a separate instance with its own parameters.</summary>
internal abstract class Composite : Layer
{
    public abstract Value? LowerBlocks(LayerCall call, BlockScope block, LoweringState state, Value input);

    public sealed override Value? Lower(LayerCall call, LayerScope scope, Value input) =>
        throw new InvalidOperationException("A composite is lowered with its surroundings.");
}
