namespace ModelDsl;

/// <summary>The base class of attributes that apply blocks.</summary>
public abstract class BlockLayerAttribute : LayerAttribute
{
    private protected BlockLayerAttribute()
    {
    }

    /// <summary>
    /// Whether the backward pass computes the activations inside the blocks again instead of keeping them. Default: false, unless the block has <see
    /// cref="RecomputeAttribute"/>.
    /// </summary>
    public bool Recompute { get; set; }
}
