namespace ModelDsl;

/// <summary>
/// On a model: it generates tokens. The model then has a method <c>CreateSession</c>, which continues texts token by token and keeps what it has computed for the tokens so
/// far. It reads one <see cref="TokenInputAttribute"/>, gives a logit for each token at each position, and must be causal: what it computes at a position depends on the
/// tokens up to that position only.
/// </summary>
/// <example>
/// <code>
/// [Model, Generates, TokenInput(64, 96), Embedding(64), PositionalEmbedding, Repeat&lt;Layer&gt;(4), LayerNorm, Dense(96), SoftmaxCrossEntropy]
/// public sealed partial class SmallGpt;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class GeneratesAttribute : Attribute;
