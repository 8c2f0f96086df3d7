using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Importing;
using ModelDsl.Onnx.Importer.Reading;
using ModelDsl.Onnx.Importer.Weights;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer;

/// <summary>The source of a model and its weights.</summary>
/// <param name="Source">The classes as C#.</param>
/// <param name="Weights">The weights, with the names of the model.</param>
/// <param name="Model">The inputs and outputs.</param>
/// <param name="DataFiles">The paths of other files with numbers of the model.</param>
internal sealed record OnnxImport(string Source, IReadOnlyList<WeightTensor> Weights, ImportedModel Model, IReadOnlyList<string> DataFiles)
{
    /// <summary>Imports a file.</summary>
    /// <param name="options">What is imported.</param>
    /// <exception cref="ImportException">The file cannot be imported.</exception>
    public static OnnxImport Of(ImportOptions options) => Of(OnnxFile.Read(options.Path), options);

    /// <summary>Imports a file that has been read.</summary>
    public static OnnxImport Of(ModelProto model, ImportOptions options)
    {
        var imported = GraphImporter.Import(model, options);
        var writer = new ClassWriter(imported, options);
        return new(writer.Write(), writer.Weights, imported, ExternalData.FilesOf(model.Graph, Path.GetDirectoryName(Path.GetFullPath(options.Path))!));
    }
}
