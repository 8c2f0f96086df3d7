namespace ModelDsl;

/// <content>
/// Arithmetic, element by element. The axes of a sample are matched from the last on; where one tensor has no such axis, or only one
/// element along it, that element is used for all: <c>[N, T, 64] + [N, 64]</c> is <c>[N, T, 64]</c>.
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
