namespace ModelDsl.Generator.Layers;

/// <summary>A layer made of blocks. Each use of a block is an instance of its own, with parameters of its own.</summary>
internal abstract class Composite : Layer
{
    public abstract Value? LowerBlocks(LayerCall call, BlockScope block, LoweringState state, Value input);

    public sealed override Value? Lower(LayerCall call, LayerScope scope, Value input) =>
        throw new InvalidOperationException("A composite is lowered with its surroundings.");
}
