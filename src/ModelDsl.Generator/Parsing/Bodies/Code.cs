using Microsoft.CodeAnalysis.Operations;
using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <summary>An expression of a <c>Forward</c> method. Its value is a tensor, or is known when the model is compiled.</summary>
internal abstract record Code(Place Place);

/// <summary>An int, float, double, bool or string; of an enum the member's name.</summary>
internal sealed record LiteralCode(Place Place, object Value) : Code(Place);

/// <summary>A user's scalar function, which a layer is given by name.</summary>
internal sealed record FunctionCode(Place Place, FunctionSpec Function) : Code(Place);

internal sealed record VariableCode(Place Place, int Index) : Code(Place);

/// <summary>A parameter of the block's primary constructor.</summary>
internal sealed record BlockParameterCode(Place Place, int Index) : Code(Place);

internal sealed record UnaryCode(Place Place, UnaryOperatorKind Operator, Code Operand) : Code(Place);

internal sealed record BinaryCode(Place Place, BinaryOperatorKind Operator, Code Left, Code Right) : Code(Place);

internal sealed record ConvertCode(Place Place, NumberType To, Code Operand) : Code(Place);

internal sealed record ConditionalCode(Place Place, Code Condition, Code Then, Code Otherwise) : Code(Place);

/// <summary>A member of Tensor: a layer, a function, a size. Arguments left out are absent.</summary>
internal sealed record TensorCode(Place Place, string Member, EquatableArray<Code> Operands, EquatableArray<ArgumentCode> Arguments) : Code(Place);

/// <summary>A call of a method whose body is read too.</summary>
internal sealed record CallCode(Place Place, int Method, EquatableArray<Code> Arguments) : Code(Place);

/// <summary>A function of System.Math over numbers known at build time.</summary>
internal sealed record MathCode(Place Place, string Name, EquatableArray<Code> Arguments) : Code(Place);

/// <summary>A new block with weights of its own.</summary>
internal sealed record NewBlockCode(Place Place, string Key, EquatableArray<Code> Arguments) : Code(Place);

/// <summary>A block in a field: one set of weights, whoever applies it. Its initialiser is read like a method without parameters.</summary>
internal sealed record FieldCode(Place Place, string Name, int Initializer, bool IsFrozen) : Code(Place);

/// <summary>A property with [Weight]: one set of numbers, whoever reads it. <paramref name="Declaration"/> is the attribute with the property's name.</summary>
internal sealed record WeightCode(Place Place, LayerSpec Declaration) : Code(Place);

/// <summary>A place on an axis: <c>i</c>, or <c>^i</c> from its end. It is a number once the size of the axis is known.</summary>
internal sealed record AxisPlaceCode(Place Place, Code Value, bool FromEnd) : Code(Place);

/// <summary>A lambda expression: its parameters and variables are the method's own, and its body is run where it is given a value for each.</summary>
internal sealed record LambdaCode(Place Place, EquatableArray<int> Parameters, Statement Body) : Code(Place);

/// <summary>A tuple or an array.</summary>
internal sealed record ListCode(Place Place, EquatableArray<Code> Items) : Code(Place);

/// <summary>An array of that many items: numbers are 0 and bool false at first, others have to be given a value before they are read.</summary>
internal sealed record NewArrayCode(Place Place, Code Length, object? Item) : Code(Place);

/// <summary>An element of a tuple or an array.</summary>
internal sealed record ElementCode(Place Place, Code List, Code Index) : Code(Place);

/// <summary>The length of an array.</summary>
internal sealed record LengthCode(Place Place, Code List) : Code(Place);

/// <summary>Texts put together: <c>$"level{i}"</c>.</summary>
internal sealed record TextCode(Place Place, EquatableArray<Code> Parts) : Code(Place);

internal sealed record ArgumentCode(string Name, Code Value);

internal enum NumberType
{
    Int,
    Float,
    Double,
}
