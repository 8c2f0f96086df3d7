using ModelDsl.Files;
using ModelDsl.Onnx;

namespace ModelDsl;

/// <summary>Writes models as ONNX files, which ONNX Runtime and other software can run.</summary>
public static class OnnxExtensions
{
    /// <summary>Writes a model as an ONNX file for predictions.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The path. An existing file is replaced when the new one is complete.</param>
    /// <param name="opset">The version of the operators.</param>
    /// <param name="dynamicBatch">Whether the file is for any number of samples; if not, for one.</param>
    /// <inheritdoc cref="ExportOnnx(Model, string, OnnxExportOptions)" path="/exception"/>
    public static void ExportOnnx(this Model model, string path, int opset = 21, bool dynamicBatch = true) =>
        model.ExportOnnx(path, new OnnxExportOptions { Opset = opset, DynamicBatch = dynamicBatch });

    /// <summary>Writes a model as an ONNX file for predictions.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The path. An existing file is replaced when the new one is complete. Links, pipes and devices are handled as by <see cref="Model.Save(string)"/>.</param>
    /// <param name="options">What the file contains.</param>
    /// <exception cref="ArgumentException">An option is not valid, or the number of labels is not that of the model's outputs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Files cannot be written for this version of the operators (the message names those for which they can), or the number of samples is less than 1.
    /// </exception>
    /// <exception cref="DirectoryNotFoundException">The folder of the file does not exist.</exception>
    /// <exception cref="InvalidOperationException">
    /// The project of the model does not reference this package, so that its graph was not compiled into it; a training graph is asked for, and the model is for prediction only; or another thread is training or loading the model.
    /// </exception>
    /// <exception cref="IOException">
    /// The path is a folder, or the file cannot be written; an existing file is unchanged. With <see cref="OnnxExportOptions.ExternalData"/>, the second file is replaced first: if the first cannot be
    /// written then, export again.
    /// </exception>
    /// <exception cref="NotSupportedException">The model or an option contains something that ONNX cannot express, or the file would have more than 2 GB; the message says which layer, or to set <see cref="OnnxExportOptions.ExternalData"/>.</exception>
    public static void ExportOnnx(this Model model, string path, OnnxExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        OnnxOptionsCheck.Check(options);
        var description = GraphChoice.Of(model.Description, options);
        TokenLookup.Check(description, model.Description.Inputs, options.Tokens);
        var external = options.ExternalData ? new ExternalNumbers(Path.GetFileName(path) + ExternalNumbers.Extension) : null;
        var file = OnnxModelWriter.Write(model.Description.Name, description, new ModelValues(model), options, external, model.Description.Inputs.Length);
        if (Directory.Exists(path))
            throw new IOException($"'{path}' is a folder; give the path of a file.");
        if (external is not null)
            OutputFile.Write(path + ExternalNumbers.Extension, external.Write);
        OutputFile.Write(path, stream => OnnxModelWriter.Save(file, stream));
    }
}
