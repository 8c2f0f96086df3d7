using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ModelDsl.Onnx.Tests;

/// <summary>A file in ONNX Runtime, on one thread. A warning while it is loaded or run fails the test.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession session;
    private readonly SessionOptions options;

    /// <summary>Loads a file.</summary>
    /// <param name="model">Its bytes.</param>
    /// <param name="optimize">Whether the runtime simplifies the graph. It removes dropout then, also that in training mode.</param>
    public OnnxSession(byte[] model, bool optimize = true)
        : this(options => new InferenceSession(model, options), optimize)
    {
    }

    /// <summary>Loads a file, which may have its numbers in another file beside it.</summary>
    public OnnxSession(string path)
        : this(options => new InferenceSession(path, options))
    {
    }

    private OnnxSession(Func<SessionOptions, InferenceSession> create, bool optimize = true)
    {
        OnnxLog.Listen();
        options = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogId = Guid.NewGuid().ToString("N"), LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING };
        if (!optimize)
            options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
        session = create(options);
        OnnxLog.AssertNone(options.LogId);
    }

    /// <summary>The names of the inputs with their sizes; −1 for any number.</summary>
    public IReadOnlyDictionary<string, int[]> Inputs => session.InputMetadata.ToDictionary(input => input.Key, input => input.Value.Dimensions);

    /// <summary>The names of the outputs with their sizes.</summary>
    public IReadOnlyDictionary<string, int[]> Outputs => session.OutputMetadata.ToDictionary(output => output.Key, output => output.Value.Dimensions);

    /// <summary>The properties in the file.</summary>
    public IReadOnlyDictionary<string, string> Properties => session.ModelMetadata.CustomMetadataMap;

    /// <summary>The name of the axis of samples of an input.</summary>
    public string BatchAxis(string input) => session.InputMetadata[input].SymbolicDimensions[0];

    /// <summary>Runs a model.</summary>
    /// <param name="columns">The values of the inputs for all samples, by name; token ids as whole numbers.</param>
    public IReadOnlyDictionary<string, float[]> Run(IReadOnlyDictionary<string, float[]> columns)
    {
        var values = new Dictionary<string, OrtValue>();
        foreach (var (name, input) in session.InputMetadata)
        {
            var given = columns[name];
            var length = input.Dimensions.Skip(1).Aggregate(1, (product, extent) => product * extent);
            long[] shape = [given.Length / length, .. input.Dimensions.Skip(1)];
            values.Add(name, input.ElementType == typeof(long)
                ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(given, value => (long)value), shape)
                : OrtValue.CreateTensorValueFromMemory(given, shape));
        }

        return Run(values);
    }

    /// <summary>Runs a model whose inputs are strings.</summary>
    /// <param name="columns">The strings of the inputs, by name.</param>
    public IReadOnlyDictionary<string, float[]> RunTexts(IReadOnlyDictionary<string, DenseTensor<string>> columns) =>
        Run(columns.ToDictionary(column => column.Key, column => OrtValue.CreateFromStringTensor(column.Value)));

    private Dictionary<string, float[]> Run(Dictionary<string, OrtValue> values)
    {
        using var run = new RunOptions();
        using var results = session.Run(run, values, [.. session.OutputNames]);
        foreach (var value in values.Values)
            value.Dispose();
        OnnxLog.AssertNone(options.LogId);
        return session.OutputNames.Zip(results).ToDictionary(pair => pair.First, pair => pair.Second.GetTensorDataAsSpan<float>().ToArray());
    }

    public void Dispose()
    {
        session.Dispose();
        options.Dispose();
    }
}
