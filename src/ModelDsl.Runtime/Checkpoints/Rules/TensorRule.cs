using System.Text.RegularExpressions;
using ModelDsl.Checkpoints.Rules;

namespace ModelDsl;

/// <summary>
/// A rule that converts tensors of a file to tensors of a model: another name, another shape, one of several, several of one. A list of rules (<see cref="LoadOptions.Rules"/>) is applied in order, and each
/// rule sees the names and shapes that the rules before it have left.
/// </summary>
/// <remarks>
/// Names are given as patterns. <c>*</c> stands for any characters, as few as possible, and <c>#</c> for a whole number. In a new name they stand for the same characters and number, and <c>#+1</c> for the
/// next number. A pattern without <c>*</c> and <c>#</c> is a name, or the beginning of a name up to a dot; a pattern that ends with a dot is the beginning of a name. What follows the
/// beginning is kept.
/// </remarks>
/// <example>
/// <code>
/// model.Load("encoder.safetensors", new LoadOptions
/// {
///     Rules =
///     [
///         TensorRule.Ignore("head."),
///         TensorRule.Rename("blocks.#.", "layer#+1."),
///         TensorRule.Transpose("*.kernel"),
///         TensorRule.Concatenate(["*.query.*", "*.key.*", "*.value.*"], "*.in_proj_*"),
///     ],
/// });
/// </code>
/// </example>
public abstract class TensorRule
{
    private protected TensorRule()
    {
    }

    /// <summary>Renames tensors.</summary>
    /// <param name="from">The pattern of the old names.</param>
    /// <param name="to">The new name, in which each <c>*</c> and <c>#</c> has one in <paramref name="from"/>; empty to remove a beginning.</param>
    /// <exception cref="ArgumentException"><paramref name="from"/> is empty, or <paramref name="to"/> has more <c>*</c> or <c>#</c>.</exception>
    public static TensorRule Rename(string from, string to) => new RenameRule(Pattern(from, nameof(from)), Filled(from, to, nameof(to)));

    /// <summary>Renames tensors whose name contains a match of a regular expression.</summary>
    /// <param name="from">The regular expression. Every match in a name is replaced.</param>
    /// <param name="to">The replacement, with groups such as <c>$1</c>.</param>
    public static TensorRule Rename(Regex from, string to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return new RegexRule(from, to);
    }

    /// <summary>Accepts another name of tensors: like <see cref="Rename(string, string)"/>, but <see cref="Inverse(IReadOnlyList{TensorRule})"/> does not restore it.</summary>
    /// <param name="alias">The pattern of the other names, such as an optional beginning or the names of an older version.</param>
    /// <param name="name">The name, in which each <c>*</c> and <c>#</c> has one in <paramref name="alias"/>; empty to remove a beginning.</param>
    /// <exception cref="ArgumentException"><paramref name="alias"/> is empty, or <paramref name="name"/> has more <c>*</c> or <c>#</c>.</exception>
    public static TensorRule Alias(string alias, string name) => new AliasRule(Pattern(alias, nameof(alias)), Filled(alias, name, nameof(name)));

    /// <summary>Adds a copy of a tensor under another name, unless there is a tensor of that name. It sets two parameters from one tensor of the file.</summary>
    /// <param name="from">The pattern of the names.</param>
    /// <param name="to">The name of the copy, in which each <c>*</c> and <c>#</c> has one in <paramref name="from"/>.</param>
    /// <exception cref="ArgumentException">A name is empty, or <paramref name="to"/> has more <c>*</c> or <c>#</c>.</exception>
    public static TensorRule Copy(string from, string to) => new CopyRule(Pattern(from, nameof(from)), Filled(from, NotEmpty(to, nameof(to)), nameof(to)));

    /// <summary>Ignores tensors.</summary>
    /// <param name="pattern">The pattern of the names.</param>
    /// <exception cref="ArgumentException"><paramref name="pattern"/> is empty.</exception>
    public static TensorRule Ignore(string pattern) => new IgnoreRule(Pattern(pattern, nameof(pattern)));

    /// <summary>
    /// Ignores a tensor that is a copy of another, such as the weight of an output layer that is tied to the table of an embedding. It is an error if the values differ. If there is no other tensor,
    /// the copy is not ignored.
    /// </summary>
    /// <param name="pattern">The pattern of the names of copies.</param>
    /// <param name="original">The name of the other tensor, in which each <c>*</c> and <c>#</c> has one in <paramref name="pattern"/>.</param>
    /// <exception cref="ArgumentException">A name is empty, or <paramref name="original"/> has more <c>*</c> or <c>#</c>.</exception>
    public static TensorRule IgnoreCopy(string pattern, string original) =>
        new IgnoreCopyRule(Pattern(pattern, nameof(pattern)), Filled(pattern, NotEmpty(original, nameof(original)), nameof(original)));

    /// <summary>Exchanges the last two axes: <c>[…, a, b]</c> → <c>[…, b, a]</c>.</summary>
    /// <param name="pattern">The pattern of the names.</param>
    /// <exception cref="ArgumentException"><paramref name="pattern"/> is empty.</exception>
    public static TensorRule Transpose(string pattern) => new TransposeRule(Pattern(pattern, nameof(pattern)));

    /// <summary>Takes a range of an axis, such as the first positions of a table: <c>[…, a, …]</c> → <c>[…, length, …]</c>.</summary>
    /// <param name="pattern">The pattern of the names.</param>
    /// <param name="axis">The axis; −1 is the last one.</param>
    /// <param name="start">The first index.</param>
    /// <param name="length">The number of indices; positive.</param>
    /// <exception cref="ArgumentException"><paramref name="pattern"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="start"/> is negative, or <paramref name="length"/> is not positive.</exception>
    public static TensorRule Slice(string pattern, int axis, int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return new SliceRule(Pattern(pattern, nameof(pattern)), axis, start, length);
    }

    /// <summary>Splits a tensor into several along an axis: <c>[…, a + b, …]</c> → <c>[…, a, …]</c> and <c>[…, b, …]</c>.</summary>
    /// <param name="from">The pattern of the names.</param>
    /// <param name="to">The names of the parts, in which each <c>*</c> and <c>#</c> has one in <paramref name="from"/>.</param>
    /// <param name="axis">The axis; −1 is the last one.</param>
    /// <param name="sizes">The sizes of the parts along the axis; null for equal parts.</param>
    /// <exception cref="ArgumentException">A name is empty, there are no parts, a part has more <c>*</c> or <c>#</c>, or there is not a positive size for each part.</exception>
    public static TensorRule Split(string from, IReadOnlyList<string> to, int axis = 0, IReadOnlyList<int>? sizes = null)
    {
        NamePattern[] parts = [.. NotEmpty(to, nameof(to)).Select(part => Filled(from, NotEmpty(part, nameof(to)), nameof(to)))];
        return new SplitRule(Pattern(from, nameof(from)), parts, axis, Sizes(sizes, parts.Length));
    }

    /// <summary>Concatenates tensors along an axis: <c>[…, a, …]</c> and <c>[…, b, …]</c> → <c>[…, a + b, …]</c>.</summary>
    /// <param name="from">The patterns of the names of the parts, in order. Each tensor that matches one of them is a part of the tensor whose name its match gives.</param>
    /// <param name="to">The name of the result, in which each <c>*</c> and <c>#</c> has one in each pattern.</param>
    /// <param name="axis">The axis; −1 is the last one.</param>
    /// <param name="sizes">The sizes of the parts along the axis, which <see cref="Inverse(IReadOnlyList{TensorRule})"/> restores; null for any sizes, which are equal for the inverse.</param>
    /// <exception cref="ArgumentException">
    /// A name is empty, there are no parts, <paramref name="to"/> has more <c>*</c> or <c>#</c> than a pattern, or there is not a positive size for each part.
    /// </exception>
    public static TensorRule Concatenate(IReadOnlyList<string> from, string to, int axis = 0, IReadOnlyList<int>? sizes = null)
    {
        var parts = Patterns(from, to);
        return new ConcatenateRule(parts, new NamePattern(to), axis, Sizes(sizes, parts.Length));
    }

    /// <summary>Adds tensors of the same shape, such as the two biases of a PyTorch <c>LSTM</c> for a layer with one.</summary>
    /// <param name="from">The patterns of the names of the terms. Each tensor that matches one of them is a term of the tensor whose name its match gives.</param>
    /// <param name="to">The name of the result, in which each <c>*</c> and <c>#</c> has one in each pattern.</param>
    /// <exception cref="ArgumentException">A name is empty, there are no terms, or <paramref name="to"/> has more <c>*</c> or <c>#</c> than a pattern.</exception>
    public static TensorRule Sum(IReadOnlyList<string> from, string to) => new SumRule(Patterns(from, to), new NamePattern(to));

    /// <summary>
    /// Returns the rules that convert the other way, to save a model with the names and shapes of the file that <paramref name="rules"/> load. Tensors that they ignore are not written, and concatenated tensors are
    /// split into equal parts if their rule has no sizes.
    /// </summary>
    /// <param name="rules">The rules, in the order of loading.</param>
    /// <exception cref="ArgumentException">A rule cannot be reversed: a slice, a sum, a regular expression, a new name that is empty or has fewer <c>*</c> or <c>#</c>.</exception>
    public static IReadOnlyList<TensorRule> Inverse(IReadOnlyList<TensorRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return [.. rules.Reverse().Select(static rule => rule.Inverse()).OfType<TensorRule>()];
    }

    /// <summary>Whether files without a tensor for this rule are usual.</summary>
    internal virtual bool IsOptional => false;

    /// <summary>Applies the rule.</summary>
    /// <param name="tensors">The tensors, which are changed.</param>
    /// <returns>Whether a tensor matched.</returns>
    internal abstract bool Apply(TensorSet tensors);

    /// <summary>Returns the rule that converts the other way; null if there is nothing to do.</summary>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    internal virtual TensorRule? Inverse() => throw new ArgumentException($"{this} cannot be reversed: write the rules for saving yourself.");

    private protected static string Quoted(IEnumerable<NamePattern> names) => $"[{string.Join(", ", names.Select(static name => $"\"{name}\""))}]";

    private static int[]? Sizes(IReadOnlyList<int>? sizes, int parts) => sizes is null ? null
        : sizes.Count == parts && sizes.All(static size => size > 0) ? [.. sizes]
        : throw new ArgumentException($"Each of the {parts} parts needs a positive size.", nameof(sizes));

    private static NamePattern Pattern(string text, string argument) => new(NotEmpty(text, argument));

    private static NamePattern[] Patterns(IReadOnlyList<string> from, string to)
    {
        foreach (var part in NotEmpty(from, nameof(from)))
            Filled(NotEmpty(part, nameof(from)), NotEmpty(to, nameof(to)), nameof(to));
        return [.. from.Select(static part => new NamePattern(part))];
    }

    /// <summary>Returns the pattern of a new name after checking that the old one can fill it.</summary>
    private static NamePattern Filled(string from, string to, string argument)
    {
        ArgumentNullException.ThrowIfNull(to, argument);
        var pattern = new NamePattern(to);
        return pattern.IsFilledBy(new NamePattern(from))
            ? pattern
            : throw new ArgumentException($"'{to}' has more '*' or '#' than '{from}': each of them stands for what one of '{from}' stands for.", argument);
    }

    private static string NotEmpty(string text, string argument)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, argument);
        return text;
    }

    private static IReadOnlyList<string> NotEmpty(IReadOnlyList<string> names, string argument)
    {
        ArgumentNullException.ThrowIfNull(names, argument);
        return names.Count > 0 ? names : throw new ArgumentException("A rule with several tensors needs at least one name.", argument);
    }
}
