using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing.Functions;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <summary>Reads one method into data. It stops at the first code that it cannot read, so that one mistake is one error.</summary>
internal sealed partial class MethodReader
{
    private const int MostOperations = 5_000;

    // The limit of nesting, because the result is compared and hashed recursively.
    private const int Deepest = 400;

    private readonly ForwardReader owner;
    private readonly ISymbol method;
    private readonly Dictionary<ISymbol, int> variables = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<SyntaxNode, int> numbers = [];
    private readonly string key;
    private readonly string member;
    private int operations;
    private int depth;

    /// <param name="owner">The reader of the class.</param>
    /// <param name="method">A method, or a field whose initializer is read.</param>
    public MethodReader(ForwardReader owner, ISymbol method)
    {
        (this.owner, this.method) = (owner, method);
        key = Symbols.KeyOf(method.ContainingType);
        member = DocumentationCommentId.CreateDeclarationId(method) ?? "";
        foreach (var parameter in Parameters) variables.Add(parameter, variables.Count);
    }

    /// <summary>The location of the method's name.</summary>
    public Site Site => Site.OfExpression(key, member, -1);

    public MethodSpec Read()
    {
        var body = MethodBodies.Find(method, owner.Compilation, owner.Cancellation) ?? throw ReadFailure.ReportedByCompiler(null);
        var declaration = body.Syntax.AncestorsAndSelf().First(node => node is MethodDeclarationSyntax or VariableDeclaratorSyntax);
        foreach (var node in declaration.DescendantNodesAndSelf()) numbers.Add(node, numbers.Count);

        var training = Parameters.FirstOrDefault(ForwardMethods.IsTraining)?.Ordinal ?? -1;
        BodyStatement statement = body is IBlockOperation block ? Block(block) : new ReturnStatement(NodeOf(body), Value(body));
        return new(key, member, method.Name, Parameters.Length, training, variables.Count, statement);
    }

    private ImmutableArray<IParameterSymbol> Parameters => (method as IMethodSymbol)?.Parameters ?? [];

    public Site SiteOf(IOperation at) => numbers.Count == 0 ? Site
        : NodeOf(at) is { IsCall: true } call ? Site.OfCall(key, member, call.Node)
        : Site.OfExpression(key, member, NodeOf(at).Node);

    private static BlockStatement Nothing { get; } = new(default, EquatableArray<BodyStatement>.Empty);

    private NodeReference NodeOf(IOperation at) => NodeOf(at.Syntax);

    private NodeReference NodeOf(SyntaxNode syntax)
    {
        // The compiler has generated a node outside the method for a node inside, or the node is part of code that does not compile.
        for (var node = syntax; node is not null; node = node.Parent!)
        {
            if (numbers.TryGetValue(node, out var number)) return new(number, node is InvocationExpressionSyntax);
        }

        return new(-1);
    }

    private int VariableOf(ISymbol symbol)
    {
        if (variables.TryGetValue(symbol, out var number)) return number;
        number = variables.Count;
        variables.Add(symbol, number);
        return number;
    }

    private static ReadFailure Unsupported(IOperation at, string remedy) => ReadFailure.Of(Descriptors.UnsupportedInForward, at, remedy);

    /// <summary>Limits the work and the depth of reading.</summary>
    private T Nested<T>(IOperation at, Func<T> read)
    {
        owner.Cancellation.ThrowIfCancellationRequested();
        if (++operations > MostOperations) throw Unsupported(at, "the method is too long: put parts of it into blocks");
        if (depth >= Deepest || !HasStack()) throw Unsupported(at, "it is nested too deeply: give parts of it names");
        depth++;
        try
        {
            return read();
        }
        finally
        {
            depth--;
        }
    }

    private static bool HasStack()
    {
        try
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            return true;
        }
        catch (InsufficientExecutionStackException)
        {
            return false;
        }
    }
}
