using Microsoft.CodeAnalysis.Operations;
using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <summary>An expression of a <c>Forward</c> method. Its value is a tensor, or known when the model is compiled.</summary>
internal abstract record Code(NodeReference Node);

/// <summary>An int, float, double, bool or string; for an enum, the name of the member.</summary>
internal sealed record LiteralCode(NodeReference Node, object Value) : Code(Node);

/// <summary>A user's scalar function that is an argument of a layer.</summary>
internal sealed record FunctionCode(NodeReference Node, FunctionSpec Function) : Code(Node);

internal sealed record VariableCode(NodeReference Node, int Index) : Code(Node);

/// <summary>A parameter of the block's primary constructor.</summary>
internal sealed record BlockParameterCode(NodeReference Node, int Index) : Code(Node);

internal sealed record UnaryCode(NodeReference Node, UnaryOperatorKind Operator, Code Operand) : Code(Node);

internal sealed record BinaryCode(NodeReference Node, BinaryOperatorKind Operator, Code Left, Code Right) : Code(Node);

internal sealed record ConvertCode(NodeReference Node, NumberType To, Code Operand) : Code(Node);

internal sealed record ConditionalCode(NodeReference Node, Code Condition, Code Then, Code Otherwise) : Code(Node);

/// <summary>A member of Tensor: a layer, a function, a size. Arguments that are not given are absent.</summary>
internal sealed record TensorCode(NodeReference Node, string Member, EquatableArray<Code> Operands, EquatableArray<ArgumentCode> Arguments) : Code(Node);

/// <summary>A call of a method whose body is also read.</summary>
internal sealed record CallCode(NodeReference Node, int Method, EquatableArray<Code> Arguments) : Code(Node);

/// <summary>A function of System.Math of numbers that are known at build time.</summary>
internal sealed record MathCode(NodeReference Node, string Name, EquatableArray<Code> Arguments) : Code(Node);

/// <summary>A new block with its own weights.</summary>
internal sealed record NewBlockCode(NodeReference Node, string Key, EquatableArray<Code> Arguments) : Code(Node);

/// <summary>A block in a field, which is one set of weights for all its uses. Its initializer is read like a method without parameters.</summary>
internal sealed record FieldCode(NodeReference Node, string Name, int Initializer, bool IsFrozen, bool IsRecomputed) : Code(Node);

/// <summary>A property with [Weight], which is one weight for all its uses. <paramref name="Declaration"/> is the attribute with the property's name.</summary>
internal sealed record WeightCode(NodeReference Node, LayerSpec Declaration) : Code(Node);

/// <summary>An index along an axis: <c>i</c>, or <c>^i</c> from its end. It becomes a number when the size of the axis is known.</summary>
internal sealed record AxisIndexCode(NodeReference Node, Code Value, bool FromEnd) : Code(Node);

/// <summary>A lambda expression. Its parameters and variables are variables of the method, and its body is run with a value for each parameter.</summary>
internal sealed record LambdaCode(NodeReference Node, EquatableArray<int> Parameters, BodyStatement Body) : Code(Node);

/// <summary>A tuple or an array.</summary>
internal sealed record ListCode(NodeReference Node, EquatableArray<Code> Items) : Code(Node);

/// <summary>A new array. Numbers are initially 0 and bool false; other items must be assigned before they are read.</summary>
internal sealed record NewArrayCode(NodeReference Node, Code Length, object? Item) : Code(Node);

/// <summary>An element of a tuple or an array.</summary>
internal sealed record ElementCode(NodeReference Node, Code List, Code Index) : Code(Node);

/// <summary>The length of an array.</summary>
internal sealed record LengthCode(NodeReference Node, Code List) : Code(Node);

/// <summary>Concatenated strings: <c>$"level{i}"</c>.</summary>
internal sealed record TextCode(NodeReference Node, EquatableArray<Code> Parts) : Code(Node);

internal sealed record ArgumentCode(string Name, Code Value);

internal enum NumberType
{
    Int,
    Float,
    Double,
}
