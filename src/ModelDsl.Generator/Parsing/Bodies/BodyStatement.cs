using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <summary>A statement of a <c>Forward</c> method.</summary>
internal abstract record BodyStatement(NodeReference Node);

internal sealed record BlockStatement(NodeReference Node, EquatableArray<BodyStatement> Statements) : BodyStatement(Node);

/// <summary>Assigns a value to a variable, or each item of a tuple to one of several variables.</summary>
internal sealed record AssignStatement(NodeReference Node, EquatableArray<AssignmentTarget> Variables, Code Value) : BodyStatement(Node);

/// <summary>Assigns a value to an element of an array, converted to the number type of the array.</summary>
internal sealed record AssignElementStatement(NodeReference Node, Code List, Code Index, Code Value, NumberType? Number) : BodyStatement(Node);

internal sealed record IfStatement(NodeReference Node, Code Condition, BodyStatement Then, BodyStatement? Otherwise) : BodyStatement(Node);

/// <summary><c>for</c>, <c>while</c> and <c>do</c>.</summary>
internal sealed record LoopStatement(NodeReference Node, BodyStatement Before, Code? Condition, BodyStatement Body, BodyStatement After, bool TestsFirst) : BodyStatement(Node);

internal sealed record ForEachStatement(NodeReference Node, AssignmentTarget Variable, Code List, BodyStatement Body) : BodyStatement(Node);

/// <summary><c>break</c> and <c>continue</c>.</summary>
internal sealed record JumpStatement(NodeReference Node, bool LeavesLoop) : BodyStatement(Node);

internal sealed record ReturnStatement(NodeReference Node, Code Value) : BodyStatement(Node);

/// <summary>The target of an assignment.</summary>
/// <param name="Index">The index of the variable in the method; −1 for an item of a tuple that is discarded.</param>
/// <param name="Number">The type that numbers are converted to; null if the variable has another type.</param>
internal readonly record struct AssignmentTarget(int Index, NumberType? Number);
