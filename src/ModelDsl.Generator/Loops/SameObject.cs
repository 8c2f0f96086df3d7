using System.Runtime.CompilerServices;

namespace ModelDsl.Generator.Loops;

/// <summary>Compares functions by reference. As records they would be compared by their contents.</summary>
internal sealed class SameObject : IEqualityComparer<Function>
{
    public static SameObject Instance { get; } = new();

    public bool Equals(Function? x, Function? y) => ReferenceEquals(x, y);

    public int GetHashCode(Function function) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(function);
}
