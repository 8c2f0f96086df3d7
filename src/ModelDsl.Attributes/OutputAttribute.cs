namespace ModelDsl;

/// <summary>
/// Names the output of the layer before it, so that predictions can be made up to there: <c>[Dense(32), Relu, Output("code")]</c> gives the model a
/// <c>PredictCode</c>, which computes this layer and what is before it and leaves the rest out. Training does not change. Shapes: any → the same.
/// </summary>
/// <param name="name">
/// What the output is called. Left out, it is the name of the layer before it: <c>[Dense(32, Name = "code"), Output]</c>.
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
    /// <summary>What the output is called; empty for the name of the layer before it.</summary>
    public string Name { get; } = name;
}
