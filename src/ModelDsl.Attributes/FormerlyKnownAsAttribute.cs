namespace ModelDsl;

/// <summary>
/// Gives the name that a layer, a block or a weight had before, so that files with the old name can still be loaded. On a model or block, <see cref="Now"/> is the name that it has now; on a field that
/// holds a block, and on a property with <see cref="WeightAttribute"/>, it is the name of the member.
/// </summary>
/// <param name="former">The former name: that of a layer, of a block, or of one of its weights, such as <c>stem.weight</c>.</param>
/// <example>
/// <code>
/// [Model, FormerlyKnownAs("dense1", Now = "hidden")]
/// [Input(784), Dense(128, Name = "hidden"), Relu, Dense(10, Name = "head"), SoftmaxCrossEntropy]
/// public sealed partial class Digits;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = true, Inherited = false)]
public sealed class FormerlyKnownAsAttribute(string former) : Attribute
{
    /// <summary>The former name.</summary>
    public string Former { get; } = former;

    /// <summary>The name that it has now. On a field or property it is not needed.</summary>
    public string Now { get; set; } = "";
}
