using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>
/// How far an inference goes into a network with named outputs. They are computed one after the other, each with what it needs beside the ones before, and the
/// model's outputs last. How far is kept in <see cref="InferParts"/>, beside the flags.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class InferStages
{
    private const int Shift = 8;

    /// <summary>The parts of an inference that ends with a named output.</summary>
    /// <param name="stage">The output's index among the named ones.</param>
    public static InferParts UpTo(int stage) => (InferParts)((stage + 1) << Shift);

    /// <summary>Whether an inference computes a stage.</summary>
    /// <param name="parts">What is wanted.</param>
    /// <param name="stage">The index of a named output, or their number for the model's outputs.</param>
    public static bool Runs(InferParts parts, int stage) => (int)parts >> Shift is var stages && (stages == 0 || stage < stages);
}
