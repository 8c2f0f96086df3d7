namespace ModelDsl;

/// <summary>
/// On a field that holds a block: its parameters stay as they are. No gradient is computed for them and the optimizer keeps no state.
/// </summary>
/// <example>
/// <code>
/// [Frozen] private readonly Trunk trunk = new();
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Field)]
public sealed class FrozenAttribute : Attribute;
