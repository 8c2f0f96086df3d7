namespace ModelDsl;

/// <summary>What a loss compares the output with.</summary>
public enum Target
{
    /// <summary>A target that comes with each sample; it has the shape of the model's output.</summary>
    Given,

    /// <summary>The model's own input, as in an autoencoder. The output must have the input's shape, and samples carry no target.</summary>
    Input,
}
