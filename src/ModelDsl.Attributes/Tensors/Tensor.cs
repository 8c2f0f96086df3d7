using System.Runtime.CompilerServices;

namespace ModelDsl;

/// <summary>
/// A value in the <c>Forward</c> method of a model or block. The compiler of the model reads <c>Forward</c>, which is never run: no tensor
/// exists at run time, and every member of this class throws. In the shapes of methods, such as <c>[N, …]</c>, N is the number of samples in the batch; sizes and axes
/// of this class do not include it.
/// </summary>
/// <example>
/// <code>
/// [Model, Input(784), SoftmaxCrossEntropy]
/// public sealed partial class Digits
/// {
///     private static Tensor Forward(Tensor x)
///     {
///         var hidden = x.Dense(128).Relu();
///         return (hidden + hidden.Dense(128).Relu()).Dense(10);
///     }
/// }
/// </code>
/// </example>
public sealed partial class Tensor
{
    private const string Reason =
        " of a Tensor was called at run time. A Tensor only describes a network to its compiler: it can be used in the Forward method of " +
        "a class with [Model] or [Block], which is never run.";

    private readonly string reason = Reason;

    private Tensor()
    {
    }

    /// <summary>The size of the last axis; known when the model is compiled.</summary>
    public int Channels => None<int>();

    /// <summary>The number of axes of one sample; known when the model is compiled.</summary>
    public int Rank => None<int>();

    /// <summary>The size of the first axis of a sample; known when the model is compiled. It allows <c>x[^1]</c> and <c>x[1..5]</c>.</summary>
    public int Length => None<int>();

    /// <summary>Gets one element of the first axis of a sample, which is removed: <c>[N, T, width]</c> → <c>[N, width]</c>. If it is the only axis, the result is <c>[N, 1]</c>.</summary>
    /// <param name="index">The index, from 0.</param>
    public Tensor this[int index] => None<Tensor>("this[]");

    /// <summary>The size of an axis of one sample; known when the model is compiled.</summary>
    /// <param name="axis">The axis, counted from 0 without the batch axis; −1 is the last.</param>
    public int Size(int axis) => None<int>();

    /// <summary>Whether both tensors have the same shape; known when the model is compiled.</summary>
    /// <param name="other">The tensor to compare with.</param>
    public bool SameShape(Tensor other) => None<bool>();

    /// <summary>Applies a block to this value. Each <c>new</c> block has its own weights; a block that is applied twice uses the same weights twice.</summary>
    /// <param name="block">An object of a class with <see cref="BlockAttribute"/>.</param>
    /// <param name="name">The name of this instance of the block; if empty, the name of the class and a number.</param>
    public Tensor Apply(object block, string name = "") => None<Tensor>();

    /// <summary>Applies a block whose <c>Forward</c> has two parameters.</summary>
    /// <param name="block">An object of a class with <see cref="BlockAttribute"/>.</param>
    /// <param name="second">The second value.</param>
    /// <param name="name">The name of this instance of the block; if empty, the name of the class and a number.</param>
    public Tensor Apply(object block, Tensor second, string name = "") => None<Tensor>();

    /// <summary>Applies a block whose <c>Forward</c> has three parameters.</summary>
    /// <param name="block">An object of a class with <see cref="BlockAttribute"/>.</param>
    /// <param name="second">The second value.</param>
    /// <param name="third">The third value.</param>
    /// <param name="name">The name of this instance of the block; if empty, the name of the class and a number.</param>
    public Tensor Apply(object block, Tensor second, Tensor third, string name = "") => None<Tensor>();

    private static T Never<T>([CallerMemberName] string member = "") => throw new InvalidOperationException(member + Reason);

    private T None<T>([CallerMemberName] string member = "") => throw new InvalidOperationException(member + reason);
}
