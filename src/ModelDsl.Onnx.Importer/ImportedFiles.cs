using System.Text;
using ModelDsl.Files;
using ModelDsl.Onnx.Importer.Weights;

namespace ModelDsl.Onnx.Importer;

/// <summary>The files that an import writes. Each is replaced when it is complete, and the source last: if an error occurs before, the next build imports again.</summary>
/// <param name="Source">The C# file.</param>
/// <param name="Weights">The safetensors file. It is not written if the model gets trained weights.</param>
/// <param name="List">The text that lists the tensors of the weights, which the compiler compares with the model.</param>
/// <param name="Data">The text that lists other files with numbers of the model.</param>
internal sealed record ImportedFiles(string Source, string Weights, string List, string Data)
{
    /// <summary>Writes the files.</summary>
    /// <param name="options">The name of the model, and its trained weights.</param>
    /// <param name="import">What is written.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Write(ImportOptions options, OnnxImport import)
    {
        foreach (var path in (string[])[Source, Weights, List, Data]) Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var isTrained = options.TrainedWeights.Length > 0;
        var list = isTrained ? TensorList.OfFile(options.TrainedWeights) : TensorList.Of(import.Weights);
        if (!isTrained) WeightFile.Write(Weights, options.Model, import.Weights);
        Text(List, list);
        Text(Data, string.Join('\n', import.DataFiles));
        Text(Source, import.Source);
    }

    private static void Text(string path, string text) => OutputFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
