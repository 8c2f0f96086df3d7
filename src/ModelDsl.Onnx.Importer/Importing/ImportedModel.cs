using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Importing;

/// <summary>An input of the model.</summary>
/// <param name="Source">Its name in the file.</param>
/// <param name="Attribute">The attribute that declares it.</param>
/// <param name="Value">Its value.</param>
internal sealed record ImportedInput(string Source, string Attribute, Tensor Value);

/// <summary>An output of the model.</summary>
/// <param name="Source">Its name in the file.</param>
/// <param name="Name">Its name in C#.</param>
/// <param name="Value">Its value.</param>
internal sealed record ImportedOutput(string Source, string Name, Tensor Value);

/// <summary>The graph of a file as expressions of C#.</summary>
/// <param name="Inputs">The inputs.</param>
/// <param name="Outputs">The outputs.</param>
internal sealed record ImportedModel(IReadOnlyList<ImportedInput> Inputs, IReadOnlyList<ImportedOutput> Outputs)
{
    /// <summary>The expressions of the outputs.</summary>
    public IEnumerable<Code> Code => Outputs.Select(output => output.Value.Code);
}
