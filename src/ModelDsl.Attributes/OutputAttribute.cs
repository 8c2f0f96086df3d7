namespace ModelDsl;

/// <summary>
/// Names the output of the layer before it, so that it can be predicted: <c>[Dense(32), Relu, Output("code")]</c> adds a method
/// <c>PredictCode</c> to the model, which computes only this layer and the layers before it. Training does not change. Shapes: any → the same.
/// </summary>
/// <param name="name">
/// The name of the output. By default it is the name of the layer before it: <c>[Dense(32, Name = "code"), Output]</c>.
/// </param>
/// <example>
/// <code>
/// [Model, Input(784), Dense(128), Relu, Dense(32), Output("code"), Relu, Dense(784), MeanSquaredError(Target = Target.Input)]
/// public sealed partial class Compressor;
///
/// float[] code = model.PredictCode(picture);
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class OutputAttribute(string name = "") : Attribute
{
    /// <summary>The name of the output; empty for the name of the layer before it.</summary>
    public string Name { get; } = name;
}
