namespace ModelDsl;

/// <summary>A side of a sequence: where it is filled up or cut off.</summary>
public enum SequenceSide
{
    /// <summary>The end.</summary>
    Post,

    /// <summary>The beginning.</summary>
    Pre,
}
