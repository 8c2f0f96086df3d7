using Microsoft.CodeAnalysis;

namespace ModelDsl.Generator.Parsing.Functions;

/// <summary>The values of the parameters and locals of a body at a point of its execution.</summary>
internal sealed class Variables<T>
    where T : class
{
    private readonly Dictionary<ISymbol, T?> values = new(SymbolEqualityComparer.Default);

    public Variables()
    {
    }

    private Variables(Dictionary<ISymbol, T?> values) => this.values = new(values, SymbolEqualityComparer.Default);

    public T? this[ISymbol variable]
    {
        get => values.TryGetValue(variable, out var value) ? value : null;
        set => values[variable] = value;
    }

    public Variables<T> Copy() => new(values);

    /// <summary>Merges the values of both branches; <paramref name="choose"/> combines values that differ.</summary>
    public void Merge(Variables<T> then, Variables<T> otherwise, Func<T, T, T> choose)
    {
        foreach (var variable in values.Keys.ToList())
        {
            var (a, b) = (then[variable], otherwise[variable]);
            values[variable] = a is null || b is null ? null : ReferenceEquals(a, b) ? a : choose(a, b);
        }
    }

    public void TakeOver(Variables<T> other)
    {
        foreach (var pair in other.values) values[pair.Key] = pair.Value;
    }
}
