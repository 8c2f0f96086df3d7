using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <summary>A statement of a <c>Forward</c> method.</summary>
internal abstract record Statement(NodeReference Node);

internal sealed record BlockStatement(NodeReference Node, EquatableArray<Statement> Statements) : Statement(Node);

/// <summary>Gives variables a value: one, or each the item of a tuple.</summary>
internal sealed record AssignStatement(NodeReference Node, EquatableArray<Variable> Variables, Code Value) : Statement(Node);

/// <summary>Gives an element of an array a value, converted to a number of the array's type.</summary>
internal sealed record AssignElementStatement(NodeReference Node, Code List, Code Index, Code Value, NumberType? Number) : Statement(Node);

internal sealed record IfStatement(NodeReference Node, Code Condition, Statement Then, Statement? Otherwise) : Statement(Node);

/// <summary><c>for</c>, <c>while</c> and <c>do</c>.</summary>
internal sealed record LoopStatement(NodeReference Node, Statement Before, Code? Condition, Statement Body, Statement After, bool TestsFirst) : Statement(Node);

internal sealed record ForEachStatement(NodeReference Node, Variable Variable, Code List, Statement Body) : Statement(Node);

/// <summary><c>break</c> and <c>continue</c>.</summary>
internal sealed record JumpStatement(NodeReference Node, bool LeavesLoop) : Statement(Node);

internal sealed record ReturnStatement(NodeReference Node, Code Value) : Statement(Node);

/// <summary>What is given a value.</summary>
/// <param name="Index">Its number in the method; −1 for an item of a tuple that nobody wants.</param>
/// <param name="Number">What it makes of numbers; null where it holds something else.</param>
internal readonly record struct Variable(int Index, NumberType? Number);
