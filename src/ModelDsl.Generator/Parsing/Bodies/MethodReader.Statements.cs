using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Parsing.Functions;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <content>Statements.</content>
internal sealed partial class MethodReader
{
    private BlockStatement Block(IBlockOperation block) =>
        new(PlaceOf(block), block.Operations.Select(Statement).ToEquatableArray());

    private BlockStatement All(IOperation at, IEnumerable<IOperation> statements) =>
        new(PlaceOf(at), statements.Select(Statement).ToEquatableArray());

    private Statement Statement(IOperation operation) => Nested<Statement>(operation, () => operation switch
    {
        IBlockOperation block => Block(block),
        IReturnOperation { ReturnedValue: { } value } => new ReturnStatement(PlaceOf(operation), Value(value)),
        IConditionalOperation { Type: null } branch => new IfStatement(
            PlaceOf(branch), Value(branch.Condition), Statement(branch.WhenTrue), branch.WhenFalse is { } otherwise ? Statement(otherwise) : null),
        IVariableDeclarationGroupOperation group => Declare(group),
        IExpressionStatementOperation expression => Assign(expression.Operation),
        IForLoopOperation loop => new LoopStatement(
            PlaceOf(loop),
            All(loop, loop.Before),
            loop.Condition is { } condition ? Value(condition) : null,
            Statement(loop.Body),
            All(loop, loop.AtLoopBottom),
            TestsFirst: true),
        IWhileLoopOperation { Condition: { } condition } loop => new LoopStatement(
            PlaceOf(loop), All(loop, []), Value(condition), Statement(loop.Body), All(loop, []), loop.ConditionIsTop),
        IForEachLoopOperation { LoopControlVariable: IVariableDeclaratorOperation variable } loop => new ForEachStatement(
            PlaceOf(loop), VariableOf(variable.Symbol), Value(loop.Collection), Statement(loop.Body)),
        IBranchOperation { BranchKind: BranchKind.Break } => new JumpStatement(PlaceOf(operation), LeavesLoop: true),
        IBranchOperation { BranchKind: BranchKind.Continue } => new JumpStatement(PlaceOf(operation), LeavesLoop: false),
        IEmptyOperation => Nothing,
        IInvalidOperation => throw ReadFailure.ReportedByCompiler(operation),
        _ => throw Unsupported(operation, "use variables, assignments, if, for, foreach, while and return"),
    });

    private BlockStatement Declare(IVariableDeclarationGroupOperation group)
    {
        var statements = new List<Statement>();
        foreach (var declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
        {
            if (declarator.Symbol.IsConst) continue; // its uses are constants
            var variable = VariableOf(declarator.Symbol);
            if (declarator.GetVariableInitializer()?.Value is not { } value) continue;
            statements.Add(new AssignStatement(PlaceOf(declarator), EquatableArray.Of(variable), Value(value)));
        }

        return new(PlaceOf(group), statements.ToEquatableArray());
    }

    private AssignStatement Assign(IOperation operation) => operation switch
    {
        ISimpleAssignmentOperation { IsRef: false } simple => new(PlaceOf(simple), EquatableArray.Of(TargetOf(simple.Target)), Value(simple.Value)),
        IDeconstructionAssignmentOperation tuple => new(PlaceOf(tuple), TargetsOf(tuple.Target).ToEquatableArray(), Value(tuple.Value)),
        ICompoundAssignmentOperation compound => Change(compound, compound.Target, compound.OperatorKind, Value(compound.Value)),
        IIncrementOrDecrementOperation step => Change(
            step,
            step.Target,
            step.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract,
            new LiteralCode(PlaceOf(step), 1)),
        IInvalidOperation => throw ReadFailure.ReportedByCompiler(operation),
        _ => throw Unsupported(operation, "nothing uses what it gives: assign it or leave it out"),
    };

    private AssignStatement Change(IOperation at, IOperation target, BinaryOperatorKind kind, Code by)
    {
        if (target.Type is { SpecialType: not (SpecialType.System_Int32 or SpecialType.System_Double or SpecialType.System_Single or SpecialType.System_String or SpecialType.System_Boolean) } type
            && !ForwardMethods.IsTensor(type))
        {
            throw Unsupported(at, "use int, float, double, bool and string");
        }

        var variable = TargetOf(target);
        var place = PlaceOf(at);
        Code value = new BinaryCode(place, kind, new VariableCode(place, variable), by);
        if (NumberTypeOf(target.Type) is { } number) value = new ConvertCode(place, number, value);
        return new(place, EquatableArray.Of(variable), value);
    }

    private IEnumerable<int> TargetsOf(IOperation target) => target switch
    {
        IDeclarationExpressionOperation declaration => TargetsOf(declaration.Expression),
        ITupleOperation tuple => tuple.Elements.Select(TargetOf),
        _ => throw Unsupported(target, "assign the items of a tuple to one variable each"),
    };

    private int TargetOf(IOperation target) => target switch
    {
        ILocalReferenceOperation { Local.RefKind: RefKind.None } local => VariableOf(local.Local),
        IParameterReferenceOperation parameter when variables.ContainsKey(parameter.Parameter) => VariableOf(parameter.Parameter),
        IDeclarationExpressionOperation { Expression: ILocalReferenceOperation local } => VariableOf(local.Local),
        IDiscardOperation => -1,
        IInvalidOperation => throw ReadFailure.ReportedByCompiler(target),
        _ => throw Unsupported(target, "a Forward changes its own variables only"),
    };
}
