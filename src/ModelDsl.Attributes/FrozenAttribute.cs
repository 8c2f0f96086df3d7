namespace ModelDsl;

/// <summary>
/// On a field that holds a block: freezes its parameters. No gradient is computed for them, and the optimizer keeps no state for them.
/// </summary>
/// <example>
/// <code>
/// [Frozen] private readonly Trunk trunk = new();
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Field)]
public sealed class FrozenAttribute : Attribute;
