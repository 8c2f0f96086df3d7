namespace ModelDsl.Generator.Common;

/// <summary>
/// Limits a failure to the model that caused it: an exception in a stage of the generator would otherwise remove the generated code of all models in the
/// project.
/// </summary>
internal static class Guard
{
    /// <summary>Returns the value. If computing it fails, returns the result of handling the failure, or null if that fails too.</summary>
    /// <exception cref="OperationCanceledException">The model has been edited in the meantime.</exception>
    public static T? Try<T>(Func<T?> compute, Func<Exception, T?> otherwise)
        where T : class
    {
        try
        {
            return compute();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Try(() => otherwise(exception));
        }
    }

    /// <summary>Returns the value, or null if computing it fails.</summary>
    /// <exception cref="OperationCanceledException">The model has been edited in the meantime.</exception>
    public static T? Try<T>(Func<T?> compute)
        where T : class
    {
        try
        {
            return compute();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return null;
        }
    }
}
