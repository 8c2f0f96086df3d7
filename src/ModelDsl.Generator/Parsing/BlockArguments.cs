using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Parsing;

/// <summary>Constants for the parameters of a block's primary constructor, in their order: int, float, double, bool, string.</summary>
internal sealed record BlockArguments(EquatableArray<BlockArgument> Values)
{
    public static BlockArguments None { get; } = new(EquatableArray<BlockArgument>.Empty);

    public override string ToString() => string.Join(", ", Values);
}

/// <summary>A constant for one parameter.</summary>
internal sealed record BlockArgument(object Value)
{
    public override string ToString() => Value switch
    {
        bool flag => flag ? "true" : "false",
        string text => $"\"{text}\"",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => Value.ToString(),
    };
}
