namespace ModelDsl;

/// <summary>A side of a sequence, at which it is padded or truncated.</summary>
public enum SequenceSide
{
    /// <summary>The end.</summary>
    Post,

    /// <summary>The beginning.</summary>
    Pre,
}
