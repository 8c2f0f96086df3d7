namespace ModelDsl;

/// <summary>The base class of all layers with attention.</summary>
public abstract class AttentionLayerAttribute : WeightedLayerAttribute
{
    private protected AttentionLayerAttribute(int heads) => Heads = heads;

    /// <summary>The number of heads, into which the width is divided equally.</summary>
    public int Heads { get; }

    /// <summary>
    /// The number of heads of keys and values (grouped-query attention, Ainslie et al., 2023). It divides <see cref="Heads"/>, and several heads of queries share one head of keys
    /// and values. 0, the default, means <see cref="Heads"/>; 1 is multi-query attention.
    /// </summary>
    public int KeyValueHeads { get; set; }

    /// <summary>Whether a position attends only to itself and to earlier positions.</summary>
    public bool Causal { get; set; }

    /// <summary>
    /// The size of the attention window: a position attends only to positions at a smaller distance, including itself (Beltagy et al., 2020). 0, the default, means no limit.
    /// </summary>
    public int Window { get; set; }

    /// <summary>The fraction of attention weights that are dropped in training, at least 0 and less than 1.</summary>
    public double Dropout { get; set; }

    /// <summary>
    /// Whether queries and keys are rotated by angles that are proportional to the position (Su et al., 2021). The pairs of values are formed from the two halves of a head, as in Llama
    /// and in the models of Hugging Face; the size of a head must be even.
    /// </summary>
    public bool Rope { get; set; }

    /// <summary>The base of the angles of <see cref="Rope"/>; greater than 1.</summary>
    public double RopeBase { get; set; } = 10_000;

    /// <summary>Whether scores decrease linearly with the distance of positions, with a different slope for each head (ALiBi; Press et al., 2022).</summary>
    public bool Alibi { get; set; }
}
