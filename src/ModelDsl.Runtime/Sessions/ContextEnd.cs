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
    /// A model that looks back through recurrences alone, and reads no positions, forgets nothing: its state goes on, as in a forward pass over a longer text, and nothing
    /// is computed again.
    /// </remarks>
    Slide,
}
