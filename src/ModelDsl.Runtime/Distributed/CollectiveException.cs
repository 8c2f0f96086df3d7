namespace ModelDsl;

/// <summary>The exception for a rank of a <see cref="Collective"/> that failed, does not answer, or runs something else than the others. The message has its number and the reason.</summary>
public sealed class CollectiveException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The number of the rank, and the reason.</param>
    public CollectiveException(string message)
        : base(message)
    {
    }
}
