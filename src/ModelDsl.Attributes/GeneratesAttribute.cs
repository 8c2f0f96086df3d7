namespace ModelDsl;

/// <summary>
/// On a model: declares that it generates tokens. The model then has a method <c>CreateSession</c>, which continues texts token by token and keeps the results for the tokens so
/// far. Its last input is the text, a <see cref="TokenInputAttribute"/>. It returns a logit for each token at each position, and must be causal: the result at a position depends only
/// on the tokens up to that position. Other inputs, such as the source of a translation or an image, are arguments of <c>CreateSession</c>: what depends on them alone is computed
/// once per session.
/// </summary>
/// <example>
/// <code>
/// [Model, Generates, TokenInput(64, 96), Embedding(64), PositionalEmbedding, Repeat&lt;Layer&gt;(4), LayerNorm, Dense(96), SoftmaxCrossEntropy]
/// public sealed partial class SmallGpt;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class GeneratesAttribute : Attribute;
