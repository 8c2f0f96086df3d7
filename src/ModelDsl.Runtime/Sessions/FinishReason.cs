namespace ModelDsl;

/// <summary>Why a session has stopped generating.</summary>
public enum FinishReason
{
    /// <summary>It has not: nothing has been generated, or there is more to come.</summary>
    None,

    /// <summary>A stop token came.</summary>
    Stop,

    /// <summary>As many tokens as were asked for have been generated, or the end of the context was reached.</summary>
    Length,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}
