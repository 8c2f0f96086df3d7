namespace ModelDsl;

/// <summary>The base class of all recurrent layers.</summary>
public abstract class RecurrentLayerAttribute : WeightedLayerAttribute
{
    private protected RecurrentLayerAttribute(int units) => Units = units;

    /// <summary>The width of the state.</summary>
    public int Units { get; }

    /// <summary>The number of layers; positive. Each reads the outputs of the one before.</summary>
    public int Layers { get; set; } = 1;

    /// <summary>Whether there is a second recurrence from the last position to the first. Its outputs are concatenated to those of the first, so the result is twice as wide.</summary>
    public bool Bidirectional { get; set; }

    /// <summary>The fraction of values that are dropped between the layers in training, at least 0 and less than 1.</summary>
    public double Dropout { get; set; }

    /// <summary>
    /// Whether the result has the outputs at all positions, <c>[N, T, units]</c>. If not, it is the output after the last position, <c>[N, units]</c>; for the reverse direction
    /// it is the output after the first position.
    /// </summary>
    public bool ReturnSequences { get; set; }

    /// <summary>Whether the biases <c>bias_ih</c> and <c>bias_hh</c> are added.</summary>
    public bool UseBias { get; set; } = true;
}
