namespace ModelDsl;

/// <content>
/// Arithmetic, element by element. The axes of a sample are matched from the last axis on. If one tensor does not have an axis, or has one
/// element along it, it is broadcast: <c>[N, T, 64] + [N, 64]</c> is <c>[N, T, 64]</c>.
/// </content>
public sealed partial class Tensor
{
    /// <summary>a + b, element by element.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => Never<Tensor>();

    /// <summary>a + b for every element of a.</summary>
    public static Tensor operator +(Tensor a, double b) => Never<Tensor>();

    /// <summary>a + b for every element of b.</summary>
    public static Tensor operator +(double a, Tensor b) => Never<Tensor>();

    /// <summary>a − b, element by element.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => Never<Tensor>();

    /// <summary>a − b for every element of a.</summary>
    public static Tensor operator -(Tensor a, double b) => Never<Tensor>();

    /// <summary>a − b for every element of b.</summary>
    public static Tensor operator -(double a, Tensor b) => Never<Tensor>();

    /// <summary>a · b, element by element.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => Never<Tensor>();

    /// <summary>a · b for every element of a.</summary>
    public static Tensor operator *(Tensor a, double b) => Never<Tensor>();

    /// <summary>a · b for every element of b.</summary>
    public static Tensor operator *(double a, Tensor b) => Never<Tensor>();

    /// <summary>a / b, element by element.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => Never<Tensor>();

    /// <summary>a / b for every element of a.</summary>
    public static Tensor operator /(Tensor a, double b) => Never<Tensor>();

    /// <summary>a / b for every element of b.</summary>
    public static Tensor operator /(double a, Tensor b) => Never<Tensor>();

    /// <summary>−a, element by element.</summary>
    public static Tensor operator -(Tensor a) => Never<Tensor>();
}
