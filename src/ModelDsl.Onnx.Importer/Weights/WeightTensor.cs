namespace ModelDsl.Onnx.Importer.Weights;

/// <summary>A parameter or state of the model, in the order of ModelDsl. Its numbers are computed when they are written.</summary>
/// <param name="Name">Its name within the block.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Values">Its numbers in row-major order.</param>
internal sealed record WeightTensor(string Name, long[] Shape, Func<float[]> Values);
