using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Parsing.Functions;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <content>Statements.</content>
internal sealed partial class MethodReader
{
    private BlockStatement Block(IBlockOperation block) =>
        new(NodeOf(block), block.Operations.Select(Statement).ToEquatableArray());

    private BlockStatement All(IOperation at, IEnumerable<IOperation> statements) =>
        new(NodeOf(at), statements.Select(Statement).ToEquatableArray());

    private BodyStatement Statement(IOperation operation) => Nested<BodyStatement>(operation, () => operation switch
    {
        IBlockOperation block => Block(block),
        IReturnOperation { ReturnedValue: { } value } => new ReturnStatement(NodeOf(operation), Value(value)),
        IConditionalOperation { Type: null } branch => new IfStatement(
            NodeOf(branch), Value(branch.Condition), Statement(branch.WhenTrue), branch.WhenFalse is { } otherwise ? Statement(otherwise) : null),
        IVariableDeclarationGroupOperation group => Declare(group),
        IExpressionStatementOperation { Operation: IAssignmentOperation { Target: IArrayElementReferenceOperation { Indices.Length: 1 } item } assignment } => AssignElement(assignment, item),
        IExpressionStatementOperation { Operation: IIncrementOrDecrementOperation { Target: IArrayElementReferenceOperation { Indices.Length: 1 } item } step } => AssignElement(step, item),
        IExpressionStatementOperation expression => Assign(expression.Operation),
        IForLoopOperation loop => new LoopStatement(
            NodeOf(loop),
            All(loop, loop.Before),
            loop.Condition is { } condition ? Value(condition) : null,
            Statement(loop.Body),
            All(loop, loop.AtLoopBottom),
            TestsFirst: true),
        IWhileLoopOperation { Condition: { } condition } loop => new LoopStatement(
            NodeOf(loop), All(loop, []), Value(condition), Statement(loop.Body), All(loop, []), loop.ConditionIsTop),
        IForEachLoopOperation { LoopControlVariable: IVariableDeclaratorOperation { Symbol.RefKind: RefKind.None } variable } loop => new ForEachStatement(
            NodeOf(loop), Assigned(variable.Symbol, variable.Symbol.Type), Items(loop.Collection), Statement(loop.Body)),
        IBranchOperation { BranchKind: BranchKind.Break } => new JumpStatement(NodeOf(operation), LeavesLoop: true),
        IBranchOperation { BranchKind: BranchKind.Continue } => new JumpStatement(NodeOf(operation), LeavesLoop: false),
        IEmptyOperation => Nothing,
        IInvalidOperation => throw ReadFailure.ReportedByCompiler(operation),
        _ => throw Unsupported(operation, "use variables, assignments, if, for, foreach, while and return"),
    });

    private BlockStatement Declare(IVariableDeclarationGroupOperation group)
    {
        var statements = new List<BodyStatement>();
        foreach (var declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
        {
            if (declarator.Symbol.IsConst) continue; // its uses are constants
            if (declarator.Symbol.RefKind != RefKind.None) throw Unsupported(declarator, "a Forward has no references to variables");
            var variable = Assigned(declarator.Symbol, declarator.Symbol.Type);
            if (declarator.GetVariableInitializer()?.Value is not { } value) continue;
            statements.Add(new AssignStatement(NodeOf(declarator), EquatableArray.Of(variable), Value(value)));
        }

        return new(NodeOf(group), statements.ToEquatableArray());
    }

    private AssignStatement Assign(IOperation operation) => operation switch
    {
        ISimpleAssignmentOperation { IsRef: false } simple => new(NodeOf(simple), EquatableArray.Of(TargetOf(simple.Target)), Value(simple.Value)),
        IDeconstructionAssignmentOperation { Value.Type.IsTupleType: true } tuple => new(NodeOf(tuple), TargetsOf(tuple.Target).ToEquatableArray(), Value(tuple.Value)),
        ICompoundAssignmentOperation { OperatorMethod: null } compound when !IsBuildTime(compound.Value) => throw Unsupported(compound, OnlyBuildTime),
        ICompoundAssignmentOperation compound => Change(compound, compound.Target, compound.OperatorKind, Value(compound.Value), NumberTypeOf(compound.Value.Type)),
        IIncrementOrDecrementOperation step => Change(
            step,
            step.Target,
            StepOf(step),
            new LiteralCode(NodeOf(step), 1),
            NumberType.Int),
        IInvalidOperation => throw ReadFailure.ReportedByCompiler(operation),
        _ => throw Unsupported(operation, "nothing uses what it gives: assign it or leave it out"),
    };

    private AssignElementStatement AssignElement(IOperation assignment, IArrayElementReferenceOperation item)
    {
        var (node, number) = (NodeOf(assignment), NumberTypeOf(item.Type));
        var (list, index) = (Value(item.ArrayReference), Value(item.Indices[0]));
        Code value;
        switch (assignment)
        {
            case ISimpleAssignmentOperation { IsRef: false } simple:
                value = Value(simple.Value);
                break;
            case ICompoundAssignmentOperation { OperatorMethod: null } compound when !IsBuildTime(compound.Value):
                throw Unsupported(compound, OnlyBuildTime);
            case ICompoundAssignmentOperation compound:
                value = Changed(compound.OperatorKind, Value(compound.Value), NumberTypeOf(compound.Value.Type));
                break;
            case IIncrementOrDecrementOperation step:
                value = Changed(StepOf(step), new LiteralCode(node, 1), NumberType.Int);
                break;
            default:
                throw Unsupported(assignment, "assign a value, as in 'items[i] = value'");
        }

        return new(node, list, index, value, number);

        BinaryCode Changed(BinaryOperatorKind kind, Code by, NumberType? byType)
        {
            RequireChangeable(assignment, item.Type);
            return new(node, kind, new ElementCode(node, list, index), number is { } own && own != byType ? new ConvertCode(node, own, by) : by);
        }
    }

    private static BinaryOperatorKind StepOf(IIncrementOrDecrementOperation step) =>
        step.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;

    /// <summary>Reads a compound assignment: the variable becomes the result of an operator, whose operand has its own type except in x++.</summary>
    private AssignStatement Change(IOperation at, IOperation target, BinaryOperatorKind kind, Code by, NumberType? byType)
    {
        RequireChangeable(at, target.Type);
        var variable = TargetOf(target);
        var node = NodeOf(at);
        if (variable.Number is { } own && own != byType) by = new ConvertCode(node, own, by);
        return new(node, EquatableArray.Of(variable), new BinaryCode(node, kind, new VariableCode(node, variable.Index), by));
    }

    private static void RequireChangeable(IOperation at, ITypeSymbol? type)
    {
        var isKnown = type is null or { SpecialType: SpecialType.System_Int32 or SpecialType.System_Double or SpecialType.System_Single or SpecialType.System_String or SpecialType.System_Boolean }
            || ForwardMethods.IsTensor(type);
        if (!isKnown) throw Unsupported(at, "use int, float, double, bool and string");
    }

    private Code Items(IOperation collection)
    {
        var array = collection;
        while (array is IConversionOperation { IsImplicit: true } conversion) array = conversion.Operand;
        return array.Type is IArrayTypeSymbol { Rank: 1 } ? Value(array) : throw Unsupported(collection, "loop over an array, as in 'foreach (var width in new[] { 32, 64 })'");
    }

    private IEnumerable<AssignmentTarget> TargetsOf(IOperation target) => target switch
    {
        IDeclarationExpressionOperation declaration => TargetsOf(declaration.Expression),
        ITupleOperation tuple => tuple.Elements.Select(TargetOf),
        _ => throw Unsupported(target, "assign the items of a tuple to one variable each"),
    };

    private AssignmentTarget TargetOf(IOperation target) => target switch
    {
        ILocalReferenceOperation { Local.RefKind: RefKind.None } local => Assigned(local.Local, local.Type),
        IParameterReferenceOperation parameter when variables.ContainsKey(parameter.Parameter) => Assigned(parameter.Parameter, parameter.Type),
        IDeclarationExpressionOperation { Expression: ILocalReferenceOperation local } => Assigned(local.Local, local.Type),
        IDiscardOperation => new(-1, null),
        IInvalidOperation => throw ReadFailure.ReportedByCompiler(target),
        _ => throw Unsupported(target, "a Forward changes its own variables only"),
    };

    private AssignmentTarget Assigned(ISymbol symbol, ITypeSymbol? type) => new(VariableOf(symbol), NumberTypeOf(type));
}
