namespace ModelDsl.Onnx.Importer.Emit;

/// <summary>A member of the block that an expression needs: a function of single numbers, or a property with a weight.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">Its declaration.</param>
internal sealed record Member(string Name, string Text);
