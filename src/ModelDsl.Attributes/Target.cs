namespace ModelDsl;

/// <summary>What a loss compares the output with.</summary>
public enum Target
{
    /// <summary>A target in the data, with the shape of the model's output.</summary>
    Given,

    /// <summary>The model's input, as in an autoencoder. The output must have the shape of the input, and the data has no targets.</summary>
    Input,
}
