namespace ModelDsl;

/// <summary>The exception for a file that does not contain the parameters of a model. The message lists all differences and what to do; the model is unchanged.</summary>
public sealed class CheckpointMismatchException : Exception
{
    /// <summary>Creates the exception.</summary>
    public CheckpointMismatchException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The differences.</param>
    public CheckpointMismatchException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The differences.</param>
    /// <param name="innerException">The cause.</param>
    public CheckpointMismatchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The first differences, and what to do.</param>
    /// <param name="differences">All differences.</param>
    internal CheckpointMismatchException(string message, IReadOnlyList<string> differences)
        : base(message) => Differences = differences;

    /// <summary>All differences, one text each. The message has the first 20 of them.</summary>
    public IReadOnlyList<string> Differences { get; } = [];
}
