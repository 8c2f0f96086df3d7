namespace ModelDsl;

/// <summary>The base class of all layers with trainable parameters.</summary>
public abstract class WeightedLayerAttribute : LayerAttribute
{
    private protected WeightedLayerAttribute()
    {
    }

    /// <summary>
    /// The weight decay of this layer's weights, not negative. 0 disables weight decay for the layer. The default, NaN, means
    /// the optimizer's weight decay.
    /// </summary>
    public double WeightDecay { get; set; } = double.NaN;

    /// <summary>
    /// Whether the layer's parameters are frozen: no gradient is computed for them, and the optimizer keeps no state for them.
    /// </summary>
    public bool Frozen { get; set; }
}
