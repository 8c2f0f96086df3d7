using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <summary>A statement of a <c>Forward</c> method.</summary>
internal abstract record Statement(Place Place);

internal sealed record BlockStatement(Place Place, EquatableArray<Statement> Statements) : Statement(Place);

/// <summary>Gives variables a value: one, or each the item of a tuple.</summary>
internal sealed record AssignStatement(Place Place, EquatableArray<Variable> Variables, Code Value) : Statement(Place);

/// <summary>Gives an element of an array a value, converted to a number of the array's type.</summary>
internal sealed record AssignElementStatement(Place Place, Code List, Code Index, Code Value, NumberType? Number) : Statement(Place);

internal sealed record IfStatement(Place Place, Code Condition, Statement Then, Statement? Otherwise) : Statement(Place);

/// <summary><c>for</c>, <c>while</c> and <c>do</c>.</summary>
internal sealed record LoopStatement(Place Place, Statement Before, Code? Condition, Statement Body, Statement After, bool TestsFirst) : Statement(Place);

internal sealed record ForEachStatement(Place Place, Variable Variable, Code List, Statement Body) : Statement(Place);

/// <summary><c>break</c> and <c>continue</c>.</summary>
internal sealed record JumpStatement(Place Place, bool LeavesLoop) : Statement(Place);

internal sealed record ReturnStatement(Place Place, Code Value) : Statement(Place);

/// <summary>What is given a value.</summary>
/// <param name="Index">Its number in the method; −1 for an item of a tuple that nobody wants.</param>
/// <param name="Number">What it makes of numbers; null where it holds something else.</param>
internal readonly record struct Variable(int Index, NumberType? Number);
