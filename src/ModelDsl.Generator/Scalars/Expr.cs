using System.Globalization;

namespace ModelDsl.Generator.Scalars;

/// <summary>
/// A scalar expression: the value that a pointwise operation computes for one element. Built-in activations, losses and users' functions are
/// scalar expressions. Expressions are immutable, share common parts, and are compared by structure; traversals visit each shared part once.
/// </summary>
internal abstract class Expr : IEquatable<Expr>
{
    private int hash;
    private IReadOnlyList<Expr>? parts;

    /// <summary>All distinct nodes of the expression, operands first and this node last.</summary>
    public IReadOnlyList<Expr> Parts => parts ??= ExprWalk.Sort(this);

    /// <summary>Whether rewriting has already found nothing to change. It is a cache and not part of the value.</summary>
    public bool IsSimple { get; set; }

    // Parts are shared, so comparing two equal expressions meets the same pairs many times: a pair that was found equal is not compared again.
    private Expr? equal;

    /// <summary>The operands; empty for a leaf.</summary>
    public virtual IReadOnlyList<Expr> Args => [];

    /// <summary>Whether the value is a Boolean rather than a number.</summary>
    public virtual bool IsCondition => false;

    public static bool operator ==(Expr? a, Expr? b) => a is null ? b is null : a.Equals(b);

    public static bool operator !=(Expr? a, Expr? b) => !(a == b);

    public bool Equals(Expr? other)
    {
        if (ReferenceEquals(this, other) || (other is not null && ReferenceEquals(equal, other))) return true;
        if (other is null || GetHashCode() != other.GetHashCode() || !Same(other)) return false;
        equal = other;
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as Expr);

    public override int GetHashCode() => hash != 0 ? hash : hash = Hash() | 1;

    protected abstract bool Same(Expr other);

    protected abstract int Hash();
}

/// <summary>The value of operand <paramref name="input"/> at this element.</summary>
internal sealed class Leaf(int input) : Expr
{
    public int Input { get; } = input;

    public override string ToString() => "x" + Input.ToString(CultureInfo.InvariantCulture);

    protected override bool Same(Expr other) => other is Leaf leaf && leaf.Input == Input;

    protected override int Hash() => 7919 * (Input + 1);
}

/// <summary>A number that is known at build time.</summary>
internal sealed class Constant(double value) : Expr
{
    public double Value { get; } = value;

    public override string ToString() => Value.ToString("R", CultureInfo.InvariantCulture);

    protected override bool Same(Expr other) =>
        other is Constant constant && BitConverter.DoubleToInt64Bits(constant.Value) == BitConverter.DoubleToInt64Bits(Value);

    protected override int Hash() => Value.GetHashCode() ^ 0x55555;
}

/// <summary>The element's index along an axis of the domain, as a number.</summary>
internal sealed class AxisIndex(int axis) : Expr
{
    public int Axis { get; } = axis;

    public override string ToString() => "i" + Axis.ToString(CultureInfo.InvariantCulture);

    protected override bool Same(Expr other) => other is AxisIndex index && index.Axis == Axis;

    protected override int Hash() => 104729 * (Axis + 1);
}

/// <summary>An operation with operands. Only <see cref="Expressions"/> creates it, and folds constants.</summary>
internal sealed class Apply(ScalarOp op, params Expr[] args) : Expr
{
    public ScalarOp Op { get; } = op;

    public override IReadOnlyList<Expr> Args { get; } = args;

    public override bool IsCondition => Op is >= ScalarOp.Less and <= ScalarOp.Not;

    public override string ToString() => $"{Op}({string.Join(", ", Args)})";

    protected override bool Same(Expr other) => other is Apply apply && apply.Op == Op && Args.SequenceEqual(apply.Args);

    protected override int Hash()
    {
        var hash = (int)Op + 1;
        foreach (var arg in Args) hash = unchecked((hash * 31) + arg.GetHashCode());
        return hash;
    }
}
