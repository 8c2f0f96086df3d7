using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ModelDsl.Generator.Diagnostics;

namespace ModelDsl.Generator.Parsing.Functions;

/// <summary>
/// Executes the body of a C# method symbolically: each expression becomes a value of a domain, and statements are executed. It
/// implements C# (variables, branches, patterns, calls) and is independent of the domain; derived classes define literals, operators and library calls.
/// This part executes statements and calls.
/// </summary>
internal abstract partial class BodyReader<T>(Compilation compilation, CancellationToken cancellation)
    where T : class
{
    /// <summary>
    /// Calls are inlined, so bodies may grow exponentially: these are the limits for the work and for the depth of the result.
    /// </summary>
    private const int MostOperations = 2_000;

    private readonly List<IMethodSymbol> calls = [];
    private int operations;

    /// <summary>Returns the result of a method for given arguments, with its calls of other methods inlined.</summary>
    public T Read(IMethodSymbol method, IReadOnlyList<T> arguments, IOperation? call = null)
    {
        if (calls.Contains(method, SymbolEqualityComparer.Default))
        {
            var circle = calls.SkipWhile(outer => !SymbolEqualityComparer.Default.Equals(outer, method)).Append(method);
            var way = string.Join(" → ", circle.Select(step => step.Name));
            throw new ReadFailure(Descriptors.RecursiveFunction.Id, call!, method.Name, way);
        }

        if (MethodBodies.Find(method, compilation, cancellation) is not { } body)
        {
            throw method.DeclaringSyntaxReferences.Length > 0
                ? ReadFailure.ReportedByCompiler(call)
                : ReadFailure.Of(Descriptors.UnsupportedExpression, call!, "the body of the method is not in this project");
        }

        var variables = new Variables<T>();
        for (var i = 0; i < arguments.Count; i++) variables[method.Parameters[i]] = arguments[i];

        calls.Add(method);
        var outcome = Execute(body, variables);
        calls.RemoveAt(calls.Count - 1);
        return outcome.AlwaysReturned ? outcome.Value! : throw ReadFailure.ReportedByCompiler(body);
    }

    protected abstract T Literal(IOperation at, object? value);

    protected abstract T Convert(IConversionOperation at, T operand);

    protected abstract T Unary(IUnaryOperation at, T operand);

    protected abstract T Binary(IOperation at, BinaryOperatorKind kind, ITypeSymbol? type, T left, T right);

    /// <summary>Returns the result of a library call that the domain supports, or null for a method whose body is read.</summary>
    protected abstract T? LibraryCall(IInvocationOperation call, IReadOnlyList<T> arguments);

    protected abstract T Choose(T condition, T then, T otherwise);

    protected abstract T Both(T left, T right);

    protected abstract T Either(T left, T right);

    protected abstract T Not(T condition);

    /// <summary>Whether a value of the domain is a Boolean.</summary>
    protected abstract bool IsCondition(T value);

    /// <summary>Returns the value of a condition that is known at build time, or null.</summary>
    protected abstract bool? Decide(T condition);

    private Outcome<T> Execute(IOperation statement, Variables<T> variables)
    {
        Count(statement);
        switch (statement)
        {
            case IBlockOperation block:
                return ExecuteAll(block.Operations, variables);

            case IReturnOperation { ReturnedValue: { } value }:
                return Outcome<T>.Returned(Evaluate(value, variables));

            case IConditionalOperation { Type: null } branch:
                return Branch(branch, variables);

            case IVariableDeclarationGroupOperation group:
                foreach (var variable in group.Declarations.SelectMany(list => list.Declarators)) Declare(variable, variables);
                return Outcome<T>.FellThrough;

            case IExpressionStatementOperation { Operation: IAssignmentOperation or IIncrementOrDecrementOperation } assignment:
                Assign(assignment.Operation, variables);
                return Outcome<T>.FellThrough;

            case IEmptyOperation:
                return Outcome<T>.FellThrough;

            case IInvalidOperation:
                throw ReadFailure.ReportedByCompiler(statement);

            default:
                throw ReadFailure.Of(Descriptors.UnsupportedExpression, statement,
                    statement is ILoopOperation ? "write a loop out, or call the layers that loop for you"
                        : "use locals, assignments, if, ?:, switch expressions and return");
        }
    }

    private Outcome<T> ExecuteAll(IEnumerable<IOperation> statements, Variables<T> variables)
    {
        var outcome = Outcome<T>.FellThrough;
        foreach (var statement in statements)
        {
            if (outcome.AlwaysReturned) break;
            outcome = Then(outcome, Execute(statement, variables));
        }

        return outcome;
    }

    private Outcome<T> Then(Outcome<T> first, Outcome<T> second)
    {
        if (first.Value is null) return second;
        if (second.Value is null) return first;
        return new(Choose(first.When!, first.Value, second.Value), second.When is null ? null : Either(first.When!, second.When));
    }

    private Outcome<T> Branch(IConditionalOperation branch, Variables<T> variables)
    {
        var condition = Evaluate(branch.Condition, variables);
        if (Decide(condition) is { } known)
        {
            var taken = known ? branch.WhenTrue : branch.WhenFalse;
            return taken is null ? Outcome<T>.FellThrough : Execute(taken, variables);
        }

        var (thenVariables, elseVariables) = (variables.Copy(), variables.Copy());
        var then = Execute(branch.WhenTrue, thenVariables);
        var otherwise = branch.WhenFalse is null ? Outcome<T>.FellThrough : Execute(branch.WhenFalse, elseVariables);

        if (then.AlwaysReturned) variables.TakeOver(elseVariables);
        else if (otherwise.AlwaysReturned) variables.TakeOver(thenVariables);
        else variables.Merge(thenVariables, elseVariables, (a, b) => Choose(condition, a, b));
        return Join(condition, then, otherwise);
    }

    private Outcome<T> Join(T condition, Outcome<T> then, Outcome<T> otherwise)
    {
        if (then.Value is null && otherwise.Value is null) return Outcome<T>.FellThrough;
        var value = then.Value is null ? otherwise.Value!
            : otherwise.Value is null ? then.Value
            : Choose(condition, then.Value, otherwise.Value);
        if (then.AlwaysReturned && otherwise.AlwaysReturned) return Outcome<T>.Returned(value);

        var whenThen = then.Value is null ? null : then.When is null ? condition : Both(condition, then.When);
        var whenElse = otherwise.Value is null ? null : otherwise.When is null ? Not(condition) : Both(Not(condition), otherwise.When);
        return new(value, whenThen is null ? whenElse : whenElse is null ? whenThen : Either(whenThen, whenElse));
    }

    private void Declare(IVariableDeclaratorOperation declarator, Variables<T> variables)
    {
        if (declarator.Symbol.IsConst) return; // its uses are constants
        variables[declarator.Symbol] = declarator.GetVariableInitializer()?.Value is { } value ? Evaluate(value, variables) : null;
    }

    private void Assign(IOperation assignment, Variables<T> variables)
    {
        var (target, value) = assignment switch
        {
            ISimpleAssignmentOperation { IsRef: false } simple => (simple.Target, Evaluate(simple.Value, variables)),
            ICompoundAssignmentOperation compound =>
                (compound.Target, Change(compound, compound.Target, compound.OperatorKind, Evaluate(compound.Value, variables), variables)),
            IIncrementOrDecrementOperation { Kind: OperationKind.Increment } step =>
                (step.Target, Change(step, step.Target, BinaryOperatorKind.Add, Literal(step, 1f), variables)),
            IIncrementOrDecrementOperation step =>
                (step.Target, Change(step, step.Target, BinaryOperatorKind.Subtract, Literal(step, 1f), variables)),
            _ => throw ReadFailure.Of(Descriptors.UnsupportedExpression, assignment, "assign one value to one local"),
        };

        ISymbol variable = target switch
        {
            ILocalReferenceOperation { Local.RefKind: RefKind.None } local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            _ => throw ReadFailure.Of(Descriptors.UnsupportedExpression, target, "a function changes its own locals and parameters only"),
        };
        variables[variable] = value;
    }

    private T Change(IOperation at, IOperation target, BinaryOperatorKind kind, T by, Variables<T> variables) =>
        Binary(at, kind, target.Type, Evaluate(target, variables), by);

    private void Count(IOperation at)
    {
        cancellation.ThrowIfCancellationRequested();
        if (++operations > MostOperations)
        {
            throw ReadFailure.Of(Descriptors.UnsupportedExpression, at, "with all calls inlined, the function is too long");
        }

        try
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
        }
        catch (InsufficientExecutionStackException)
        {
            throw ReadFailure.Of(Descriptors.UnsupportedExpression, at, "it is nested too deeply: give parts of it names");
        }
    }
}
