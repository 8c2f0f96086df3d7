namespace ModelDsl;

/// <summary>The reason why a session stopped generating.</summary>
public enum FinishReason
{
    /// <summary>It has not stopped: nothing has been generated, or generation can continue.</summary>
    None,

    /// <summary>A stop token was generated.</summary>
    Stop,

    /// <summary>The requested number of tokens was generated, or the end of the context was reached.</summary>
    Length,

    /// <summary>Generation was cancelled.</summary>
    Cancelled,
}
