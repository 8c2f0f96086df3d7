namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>The order of elements in ModelDsl: samples first, and then the axes of the expression.</summary>
internal static class Layout
{
    /// <summary>Moves the elements of a value of the file into the order of a tensor.</summary>
    /// <param name="values">The elements in the order of the file.</param>
    /// <param name="shape">The sizes in the file.</param>
    /// <param name="tensor">The tensor.</param>
    public static float[] ToModel(float[] values, IReadOnlyList<long> shape, Values.Tensor tensor)
    {
        int[] first = tensor.BatchAxis < 0 ? [] : [tensor.BatchAxis];
        int[] order = [.. first, .. tensor.Axes, .. Enumerable.Range(0, shape.Count).Where(axis => axis != tensor.BatchAxis && !tensor.Axes.Contains(axis))];
        return Operators.Layouts.Moved(values, shape, order);
    }

    /// <summary>The number of samples in a value of the file.</summary>
    public static int Samples(IReadOnlyList<long> shape, Values.Tensor tensor) => tensor.BatchAxis < 0 ? 1 : (int)shape[tensor.BatchAxis];
}
