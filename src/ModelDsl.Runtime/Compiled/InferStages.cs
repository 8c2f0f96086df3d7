using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>
/// The stages of an inference in a network with named outputs. The outputs are computed one after the other, each with the values that it needs and that are not yet
/// computed; the model's outputs are last. The last stage to run is stored in <see cref="InferParts"/>, in the bits above the flags.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class InferStages
{
    private const int Shift = 8;

    /// <summary>Returns the parts of an inference that ends with a named output.</summary>
    /// <param name="stage">The index of the output among the named outputs.</param>
    public static InferParts UpTo(int stage) => (InferParts)((stage + 1) << Shift);

    /// <summary>Whether an inference computes a stage.</summary>
    /// <param name="parts">What the inference computes.</param>
    /// <param name="stage">The index of a named output, or the number of named outputs for the model's outputs.</param>
    public static bool Runs(InferParts parts, int stage) => (int)parts >> Shift is var stages && (stages == 0 || stage < stages);
}
