namespace ModelDsl;

/// <summary>What all layers that attend to positions share.</summary>
public abstract class AttentionLayerAttribute : WeightedLayerAttribute
{
    private protected AttentionLayerAttribute(int heads) => Heads = heads;

    /// <summary>The number of heads, which share the width evenly.</summary>
    public int Heads { get; }

    /// <summary>
    /// The number of heads of keys and values, each of which serves as many heads of queries (grouped-query attention, Ainslie et al., 2023); it divides
    /// <see cref="Heads"/>. 0, the default, stands for <see cref="Heads"/>; 1 is multi-query attention.
    /// </summary>
    public int KeyValueHeads { get; set; }

    /// <summary>Whether a position attends to itself and those before it only.</summary>
    public bool Causal { get; set; }

    /// <summary>
    /// How far a position looks: only at positions fewer than this many steps away, itself included (Beltagy et al., 2020). 0, the default, is no limit.
    /// </summary>
    public int Window { get; set; }

    /// <summary>The share of attention weights dropped in training, from 0 up to but not including 1.</summary>
    public double Dropout { get; set; }

    /// <summary>
    /// Whether queries and keys are rotated by angles that grow with the position (Su et al., 2021). The two halves of a head form the pairs, as in Llama and
    /// Hugging Face's models; the size of a head must be even.
    /// </summary>
    public bool Rope { get; set; }

    /// <summary>The base of the angles of <see cref="Rope"/>; greater than 1.</summary>
    public double RopeBase { get; set; } = 10_000;

    /// <summary>Whether scores fall linearly with the distance of positions, by a slope of each head (ALiBi; Press et al., 2022).</summary>
    public bool Alibi { get; set; }
}
