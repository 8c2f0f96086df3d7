namespace ModelDsl.Onnx;

/// <summary>The numbers of a model.</summary>
internal interface IModelValues
{
    /// <summary>Returns the elements of a parameter or a state in row-major order.</summary>
    /// <param name="name">Its name.</param>
    float[] Tensor(string name);

    /// <summary>Returns the elements of a constant in row-major order.</summary>
    /// <param name="number">Its index in the description of the model.</param>
    float[] Constant(int number);
}

/// <summary>The numbers of a model on its device.</summary>
/// <param name="model">The model.</param>
internal sealed class ModelValues(Model model) : IModelValues
{
    /// <inheritdoc/>
    public float[] Tensor(string name) => model.Parameters.TryGetValue(name, out var parameter) ? parameter.ToArray() : model.States[name].ToArray();

    /// <inheritdoc/>
    public float[] Constant(int number) => model.Description.Constants[number].Values;
}
