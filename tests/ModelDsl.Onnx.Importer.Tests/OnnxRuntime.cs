using Microsoft.ML.OnnxRuntime;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>A file in ONNX Runtime, whose results are those that an imported model must have.</summary>
internal sealed class OnnxRuntime : IDisposable
{
    private readonly SessionOptions options = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
    private readonly InferenceSession session;

    public OnnxRuntime(byte[] model) => session = new(model, options);

    /// <summary>Runs the file.</summary>
    /// <param name="inputs">The values of the inputs, by name, in the order of the file.</param>
    /// <param name="shapes">Their shapes.</param>
    public IReadOnlyList<float[]> Run(IReadOnlyDictionary<string, float[]> inputs, IReadOnlyDictionary<string, long[]> shapes)
    {
        var values = new Dictionary<string, OrtValue>();
        foreach (var (name, input) in session.InputMetadata)
        {
            values.Add(name, input.ElementType == typeof(long)
                ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(inputs[name], value => (long)value), shapes[name])
                : OrtValue.CreateTensorValueFromMemory(inputs[name], shapes[name]));
        }

        using var run = new RunOptions();
        using var results = session.Run(run, values, [.. session.OutputNames]);
        foreach (var value in values.Values) value.Dispose();
        return [.. results.Select(result => result.GetTensorDataAsSpan<float>().ToArray())];
    }

    public void Dispose()
    {
        session.Dispose();
        options.Dispose();
    }
}
