namespace ModelDsl;

/// <summary>What a session does when all positions of the model are taken.</summary>
public enum ContextEnd
{
    /// <summary>It stops, with <see cref="FinishReason.Length"/>.</summary>
    Stop,

    /// <summary>
    /// It forgets the older half of the tokens, computes the others again from position 0 on, and goes on. This is right for all kinds of positions: the model sees
    /// the later tokens as if the text began with them.
    /// </summary>
    /// <remarks>
    /// A model that looks back through recurrences alone, and reads no positions, forgets nothing: its state goes on, as in a forward pass over a longer text, and nothing
    /// is computed again.
    /// </remarks>
    Slide,
}
