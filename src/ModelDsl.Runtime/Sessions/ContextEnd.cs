namespace ModelDsl;

/// <summary>What a session does when all positions of the model are in use.</summary>
public enum ContextEnd
{
    /// <summary>Stops generating, with <see cref="FinishReason.Length"/>.</summary>
    Stop,

    /// <summary>
    /// Removes the older half of the tokens, computes the others again from position 0, and continues. This is correct for all kinds of positions: for the model, the text begins
    /// with the later tokens.
    /// </summary>
    /// <remarks>
    /// A model that depends on earlier tokens only through recurrences, and not on positions, keeps its state: it continues as in a forward pass over a longer text, and no position
    /// is computed again.
    /// </remarks>
    Slide,
}
