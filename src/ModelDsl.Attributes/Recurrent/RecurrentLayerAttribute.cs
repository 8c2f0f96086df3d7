namespace ModelDsl;

/// <summary>What all recurrent layers share.</summary>
public abstract class RecurrentLayerAttribute : WeightedLayerAttribute
{
    private protected RecurrentLayerAttribute(int units) => Units = units;

    /// <summary>The width of the state.</summary>
    public int Units { get; }

    /// <summary>The number of layers, each of which reads the outputs of the one before; positive.</summary>
    public int Layers { get; set; } = 1;

    /// <summary>
    /// Whether a second recurrence goes from the last position to the first. Its outputs stand behind those of the first, so the result is twice as wide.
    /// </summary>
    public bool Bidirectional { get; set; }

    /// <summary>The share of values dropped in training between the layers, from 0 up to but not including 1.</summary>
    public double Dropout { get; set; }

    /// <summary>
    /// Whether the result has the outputs at all positions, <c>[N, T, units]</c>. If not, it is the output after the last position, <c>[N, units]</c>; of the direction that goes back,
    /// that after the first.
    /// </summary>
    public bool ReturnSequences { get; set; }

    /// <summary>Whether the biases <c>bias_ih</c> and <c>bias_hh</c> are added.</summary>
    public bool UseBias { get; set; } = true;
}
