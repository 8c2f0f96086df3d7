using System.Globalization;

namespace ModelDsl.Onnx.Importer.Emit;

/// <summary>How strongly an expression binds its operands.</summary>
internal enum Precedence
{
    Sum,
    Product,
    Unary,
    Primary,
}

/// <summary>An expression of C# for a tensor. It may become a variable when it is written.</summary>
/// <param name="format">The text, with <c>{0}</c> for the first operand.</param>
/// <param name="precedence">How strongly it binds.</param>
/// <param name="operands">The tensors that it is computed from.</param>
internal sealed class Code(string format, Precedence precedence, params Code[] operands)
{
    /// <summary>The calls whose results are not negative if no element is. Names of layers are in a call too, so only its beginning counts.</summary>
    private static readonly string[] KeepSigns = ["{0}.MaxPool", "{0}.AveragePool", "{0}.GlobalAveragePool", "{0}.Transpose(", "{0}.Reshape("];

    private readonly string format = format;

    /// <summary>The tensors that it is computed from.</summary>
    public IReadOnlyList<Code> Operands { get; } = operands;

    /// <summary>How strongly it binds.</summary>
    public Precedence Precedence { get; } = precedence;

    /// <summary>The name that the variable should have.</summary>
    public string Name { get; set; } = "";

    /// <summary>Whether it is a name already: an input or a property.</summary>
    public bool IsName { get; init; }

    /// <summary>Whether all elements are 0 or 1, because they are results of comparisons.</summary>
    public bool IsLogical { get; set; }

    /// <summary>For ids of tokens: how many different ones there are.</summary>
    public long Tokens { get; init; }

    /// <summary>Whether the only operand is on the right of a number.</summary>
    public bool IsRightOperand { get; init; }

    /// <summary>The weights that it needs.</summary>
    public IReadOnlyList<Weights.WeightTensor> Weights { get; init; } = [];

    /// <summary>The functions of single numbers, and properties with weights, that it needs.</summary>
    public IReadOnlyList<Member> Members { get; init; } = [];

    /// <summary>Whether the first operand is followed by a call.</summary>
    public bool IsCall => format.StartsWith("{0}.", StringComparison.Ordinal);

    /// <summary>Whether no element can be negative, so that zeros beyond the edges do not change a maximum.</summary>
    public bool IsNotNegative
    {
        get
        {
            var code = this;
            while (Array.Exists(KeepSigns, start => code.format.StartsWith(start, StringComparison.Ordinal))) code = code.Operands[0];
            return code.format is "{0}.Relu()" or "{0}.Sigmoid()" or "{0}.Softmax()" or "{0}.Square()" or "{0}.Abs()";
        }
    }

    /// <summary>An input.</summary>
    public static Code Variable(string name, long tokens = 0) => new(name, Precedence.Primary) { IsName = true, Name = name, Tokens = tokens };

    /// <summary>A call of a method of a tensor.</summary>
    public static Code Call(Code receiver, string call) => new("{0}." + call, Precedence.Primary, receiver) { Tokens = receiver.Tokens };

    /// <summary>The text, with the texts of the operands.</summary>
    public string Text(IReadOnlyList<string> operands) => string.Format(CultureInfo.InvariantCulture, format, [.. operands]);

    /// <summary>The precedence that an operand needs: an operand of lower precedence is put in parentheses.</summary>
    public Precedence PlaceOf(int operand) => Precedence == Precedence.Primary
        ? IsCall && operand == 0 ? Precedence.Primary : Precedence.Sum
        : operand == 0 && !IsRightOperand && Precedence != Precedence.Unary ? Precedence : Precedence + 1;
}
