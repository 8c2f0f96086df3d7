namespace ModelDsl.Generator.Common;

/// <summary>
/// Keeps a failure to the model that caused it: an exception that leaves a stage of the generator would take the generated code of every model in the
/// project with it.
/// </summary>
internal static class Guard
{
    /// <summary>The value. When computing it fails, the result of handling the failure; null when that fails as well.</summary>
    /// <exception cref="OperationCanceledException">The model has been edited meanwhile.</exception>
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

    /// <summary>The value, or null where computing it fails.</summary>
    /// <exception cref="OperationCanceledException">The model has been edited meanwhile.</exception>
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
