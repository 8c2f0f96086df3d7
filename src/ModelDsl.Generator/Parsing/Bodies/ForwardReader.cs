using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing.Functions;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <summary>
/// Reads the <c>Forward</c> method of a class, and the methods it calls, into data. Nothing is evaluated, because branches depend on
/// sizes that are known only during lowering.
/// </summary>
internal sealed class ForwardReader(INamedTypeSymbol type, Compilation compilation, ICollection<Problem> problems, CancellationToken cancellation)
{
    private readonly List<ISymbol> methods = [];

    /// <summary>The blocks that are created in the method, with their locations.</summary>
    public List<BlockUse> Blocks { get; } = [];

    public Compilation Compilation => compilation;

    public CancellationToken Cancellation => cancellation;

    public ICollection<Problem> Problems => problems;

    /// <summary>The parameters of the block's primary constructor.</summary>
    public IMethodSymbol? Constructor { get; } = ForwardMethods.PrimaryConstructor(type);

    /// <summary>Reads the method and, for a model, the losses.</summary>
    public ForwardSpec Read(IMethodSymbol forward, LayerParser layers, string role)
    {
        methods.Add(forward);
        var losses = role == "Model" ? new LossReader(type, compilation, layers, problems).Read(NumberOf) : EquatableArray<LossSpec>.Empty;
        var read = new List<MethodSpec>();
        var failed = false;
        for (var i = 0; i < methods.Count; i++)
        {
            var reader = new MethodReader(this, methods[i]);
            try
            {
                read.Add(reader.Read());
            }
            catch (ReadFailure failure)
            {
                var site = failure.At is null ? reader.Site : reader.SiteOf(failure.At);
                problems.Add(failure.At is { } at && IsReportedByCompiler(at) ? Problem.At(Problem.ReportedByCompiler, site) : Problem.At(failure.Id, site, failure.Arguments));
                failed = true;
            }
        }

        var spec = failed || losses is null ? ForwardSpec.Unreadable : new(read.ToEquatableArray());
        return spec with
        {
            Inputs = LossReader.Parameters(forward, layers).ToEquatableArray(),
            Outputs = ForwardMethods.OutputNames(forward) is { Count: > 0 } outputs ? outputs.ToEquatableArray() : EquatableArray.Of(ForwardSpec.SingleOutput),
            Losses = losses ?? EquatableArray<LossSpec>.Empty,
        };
    }

    /// <summary>Whether the C# compiler reports an error at code that could not be read, so that one mistake is one error.</summary>
    private bool IsReportedByCompiler(IOperation at)
    {
#pragma warning disable RS1030 // Used only for code that could not be read.
        var model = compilation.GetSemanticModel(at.Syntax.SyntaxTree);
#pragma warning restore RS1030
        return model.GetDiagnostics(at.Syntax.Span, cancellation).Any(found => found.DefaultSeverity == DiagnosticSeverity.Error);
    }

    /// <summary>Returns the index of a called method, or of a field's initializer, which is read after the methods before it.</summary>
    public int NumberOf(ISymbol method)
    {
        var number = methods.FindIndex(known => SymbolEqualityComparer.Default.Equals(known, method));
        if (number >= 0) return number;
        methods.Add(method);
        return methods.Count - 1;
    }

    /// <summary>Returns the attribute [Weight] of a property, with the weight's name; null if there is none.</summary>
    public LayerSpec? Weight(IPropertySymbol property)
    {
        if (property.GetAttributes().FirstOrDefault(attribute => Symbols.KindOf(attribute) == "Weight") is not { } attribute) return null;
        var parser = new LayerParser(type, new FunctionReader(type, compilation, cancellation), problems);
        var spec = parser.Read(attribute, ExpressionSites.Of(property, attribute.ApplicationSyntaxReference?.GetSyntax(cancellation)));
        return spec.Named(Layers.LayerNames.Camel(property.Name));
    }

    /// <summary>Returns the key of a block that is created.</summary>
    public string BlockKey(IOperation at, INamedTypeSymbol block, Site site)
    {
        if (LayerParser.WhyNotBlock(block) is { } reason) throw new ReadFailure(Descriptors.NotABlock.Id, at, block.ToDisplayString(), reason);
        Blocks.Add(new(block, site));
        return Symbols.KeyOf(block);
    }

    /// <summary>Returns a user's function that is an argument of a layer, by its name.</summary>
    public FunctionSpec? Function(string name, string kind, INamedTypeSymbol scope, Site site) =>
        new FunctionReader(scope, compilation, cancellation).Read(name, Layer(name, kind, site), problems);

    /// <summary>Returns a user's function that is an argument of a layer, by its method.</summary>
    public FunctionSpec? Function(IMethodSymbol function, string kind, Site site) =>
        new FunctionReader(function.ContainingType, compilation, cancellation).Read([function], Layer(function.Name, kind, site), problems);

    private static LayerSpec Layer(string name, string kind, Site site) =>
        new(kind, EquatableArray.Of(new ArgumentSpec("function", name, site)), EquatableArray<string>.Empty, site);
}

/// <summary>A use of a block.</summary>
/// <param name="Type">The block.</param>
/// <param name="Site">The location.</param>
internal readonly record struct BlockUse(INamedTypeSymbol Type, Site Site);
