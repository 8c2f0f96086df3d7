using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace ModelDsl;

/// <summary>Tensors of a model, in the order of the model and by name.</summary>
/// <typeparam name="T">The type of the tensors, such as <see cref="Parameter"/>.</typeparam>
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

    /// <summary>The number of tensors.</summary>
    public int Count => items.Length;

    /// <summary>Gets the tensor at an index in the model's order.</summary>
    /// <param name="index">The index.</param>
    public T this[int index] => items[index];

    /// <summary>Gets the tensor with a name.</summary>
    /// <param name="name">The name, such as <c>dense1.weight</c>.</param>
    /// <exception cref="KeyNotFoundException">There is no such tensor; the message lists the existing names.</exception>
    public T this[string name] => byName.TryGetValue(name, out var item)
        ? item
        : throw new KeyNotFoundException($"{model} has no '{name}' among these; it has {string.Join(", ", items.Select(static item => item.Name))}.");

    /// <summary>Gets the tensor with a name, if it exists.</summary>
    /// <param name="name">The name.</param>
    /// <param name="item">The tensor, or null.</param>
    /// <returns>Whether the tensor exists.</returns>
    public bool TryGetValue(string name, [NotNullWhen(true)] out T? item) => byName.TryGetValue(name, out item);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
