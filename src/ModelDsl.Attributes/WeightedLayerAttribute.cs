namespace ModelDsl;

/// <summary>What all layers with trainable parameters share.</summary>
public abstract class WeightedLayerAttribute : LayerAttribute
{
    private protected WeightedLayerAttribute()
    {
    }

    /// <summary>
    /// Weight decay of this layer's weights, instead of the optimizer's. Not negative; 0 turns decay off for the layer. Left out (NaN),
    /// the optimizer's applies.
    /// </summary>
    public double WeightDecay { get; set; } = double.NaN;

    /// <summary>
    /// Whether the layer's parameters stay as they are: no gradient is computed for them and the optimizer keeps no state.
    /// </summary>
    public bool Frozen { get; set; }
}
