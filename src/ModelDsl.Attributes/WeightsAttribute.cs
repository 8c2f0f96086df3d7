namespace ModelDsl;

/// <summary>
/// On a model: names the safetensors file with its weights. The names, shapes and element types of the file are checked when the project is built, and the model has a method <c>FromWeights</c>, which
/// creates it with the weights of the file beside the program. The file is an item <c>ModelDslWeights</c> of the project.
/// </summary>
/// <param name="file">The path of the file, relative to the folder of the program.</param>
/// <example>
/// <code>
/// [Model(PredictionOnly = true), Weights("digits.safetensors")]
/// [Input(784), Dense(128), Relu, Dense(10), Softmax]
/// public sealed partial class Digits;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WeightsAttribute(string file) : Attribute
{
    /// <summary>The path of the file, relative to the folder of the program.</summary>
    public string File { get; } = file;

    /// <summary>A prefix that is added to every name in the file: a separately trained trunk becomes the <c>trunk.</c> part of a larger model.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The prefix of the tensors to load, which is removed from their names; other tensors are ignored.</summary>
    public string FilePrefix { get; set; } = "";

    /// <summary>Whether the file may lack parameters, which then have initial values.</summary>
    public bool AllowMissing { get; set; }

    /// <summary>Whether the file may have tensors that the model does not have.</summary>
    public bool AllowUnexpected { get; set; }
}
