using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace ModelDsl;

/// <summary>Tensors of a model by name, and in the model's order.</summary>
/// <typeparam name="T">Parameters or gradients.</typeparam>
public sealed class ParameterCollection<T> : IReadOnlyList<T>
    where T : ParameterTensor
{
    private readonly string model;
    private readonly T[] items;
    private readonly Dictionary<string, T> byName;

    internal ParameterCollection(string model, IEnumerable<T> items)
    {
        this.model = model;
        this.items = [.. items];
        byName = this.items.ToDictionary(static item => item.Name);
    }

    /// <summary>How many there are.</summary>
    public int Count => items.Length;

    /// <summary>The tensor at an index in the model's order.</summary>
    /// <param name="index">The index.</param>
    public T this[int index] => items[index];

    /// <summary>The tensor with a name.</summary>
    /// <param name="name">The name, such as <c>dense1.weight</c>.</param>
    /// <exception cref="KeyNotFoundException">There is none; the message lists those there are.</exception>
    public T this[string name] => byName.TryGetValue(name, out var item)
        ? item
        : throw new KeyNotFoundException($"{model} has no '{name}' among these; it has {string.Join(", ", items.Select(static item => item.Name))}.");

    /// <summary>Looks for the tensor with a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="item">The tensor, or null.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGetValue(string name, [NotNullWhen(true)] out T? item) => byName.TryGetValue(name, out item);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
