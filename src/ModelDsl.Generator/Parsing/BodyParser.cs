using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing.Bodies;
using ModelDsl.Generator.Parsing.Functions;

namespace ModelDsl.Generator.Parsing;

/// <summary>Reads the body of a class: its layers, or its <c>Forward</c> method.</summary>
internal sealed class BodyParser(Compilation compilation, ICollection<Problem> problems, CancellationToken cancellation)
{
    public Body Read(INamedTypeSymbol type, string role)
    {
        // A misspelled attribute, or one that is not valid on a class, is an error of the C# compiler; what is missing without it is a consequence.
        if (Symbols.HasUnknownAttribute(type) || type.GetAttributes().Any(Symbols.IsMisplaced))
        {
            problems.Add(Problem.At(Problem.ReportedByCompiler, Site.OfType(Symbols.KeyOf(type))));
        }

        var parser = new LayerParser(type, new FunctionReader(type, compilation, cancellation), problems);
        var attributes = Symbols.LayerAttributes(type);
        var layers = attributes.Select(parser.Read).ToList();
        var uses = attributes.Zip(layers, (attribute, layer) => LayerParser.BlocksOf(attribute)
            .Select(block => new BlockUse(block.Type, layer.SiteOfBlock(block.Ordinal)))).SelectMany(found => found).ToList();
        var methods = ForwardMethods.Find(type);
        if (methods.Count == 0 && ForwardMethods.FindMisspelt(type) is { } misspelt)
        {
            ForwardMethods.Reject(misspelt, role, problems);
            return new(layers, ForwardSpec.Unreadable, uses);
        }

        if (methods.Count == 0 || role == "Block") RejectLosses(type, role);
        if (methods.Count == 0) return new(layers, null, uses);

        var inner = attributes.Zip(layers, (attribute, layer) => (attribute, layer)).Where(pair => Symbols.IsInner(pair.attribute)).Select(pair => pair.layer).ToList();
        if (inner.Count > 0)
        {
            problems.Add(Problem.At(Descriptors.BothForms.Id, inner[0].Site, type.Name, $"[{inner[0].Kind}]").With(ExpressionSites.Of(methods[0], null)));
            return new([.. layers.Except(inner)], ForwardSpec.Unreadable, uses);
        }

        var forward = methods[methods.Count - 1];
        if (methods.Count > 1 || ForwardMethods.Check(forward, role, problems) is false)
        {
            if (methods.Count > 1) ForwardMethods.Reject(forward, role, problems);
            return new(layers, ForwardSpec.Unreadable, uses);
        }

        var reader = new ForwardReader(type, compilation, problems, cancellation);
        var spec = reader.Read(forward, parser, role);
        return new([.. Inputs(spec), .. layers], spec, [.. uses, .. reader.Blocks]);
    }

    /// <summary>Returns the inputs that are declared on parameters, with their names.</summary>
    private static IEnumerable<LayerSpec> Inputs(ForwardSpec forward) =>
        from parameter in forward.Inputs
        where parameter.Column is not null
        select parameter.Column;

    /// <summary>Rejects methods with [Loss] in a block, or in a model without a Forward method.</summary>
    private void RejectLosses(INamedTypeSymbol type, string role)
    {
        foreach (var (method, _) in ForwardMethods.Losses(type))
        {
            var site = ExpressionSites.Of(method, null);
            problems.Add(role == "Block"
                ? Problem.At(Descriptors.NotInBlock.Id, site, "[Loss]", type.Name)
                : Problem.At(Descriptors.LossSignature.Id, site, method.Name, "a model that is a list of layers ends with its loss; methods with [Loss] go with a Forward"));
        }
    }
}

/// <summary>The body of a class.</summary>
/// <param name="Layers">The layers; with a Forward method only inputs and losses.</param>
/// <param name="Forward">The Forward method, if there is one.</param>
/// <param name="Uses">The blocks that it uses.</param>
internal sealed record Body(IReadOnlyList<LayerSpec> Layers, ForwardSpec? Forward, IReadOnlyList<BlockUse> Uses);
