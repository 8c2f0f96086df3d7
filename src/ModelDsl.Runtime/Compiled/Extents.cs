namespace ModelDsl.Compiled;

/// <summary>Sizes of tensors.</summary>
internal static class Extents
{
    /// <summary>Returns the number of values of a tensor.</summary>
    /// <param name="name">The tensor's name, for the error message.</param>
    /// <param name="shape">The tensor's shape.</param>
    /// <exception cref="ArgumentException">The tensor would have more values than an array can hold.</exception>
    public static int Product(string name, int[] shape)
    {
        var product = 1L;
        foreach (var extent in shape)
        {
            // Both factors are 32-bit numbers, so the product cannot overflow before it is checked.
            product *= extent;
            if (Math.Abs(product) > Array.MaxLength)
                throw new ArgumentException($"'{name}' of the shape [{string.Join(", ", shape)}] would have more values than the {Array.MaxLength:N0} that are possible.", nameof(shape));
        }

        return (int)product;
    }
}
