using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing.Functions;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <summary>Reads the declarations of the methods with [Loss]: their parameters, and the weights that they train.</summary>
internal sealed class LossReader(INamedTypeSymbol type, Compilation compilation, LayerParser layers, ICollection<Problem> problems)
{
    private static readonly string[] Declarations = ["Input", "TokenInput", "Target", "Label"];

    private bool failed;

    /// <summary>Returns all losses, with the indices of their methods; null after reporting.</summary>
    public EquatableArray<LossSpec>? Read(Func<IMethodSymbol, int> numberOf)
    {
        var losses = ForwardMethods.Losses(type);
        var read = losses.Select(loss => Read(loss.Method, loss.Attribute, numberOf)).ToList();
        if (losses.Count > 1)
        {
            foreach (var loss in read.Where(loss => loss is { Part: "" }))
            {
                Fail(Problem.At(
                    Descriptors.LossTrains.Id,
                    loss!.Site,
                    $"The loss '{loss.Name}' does not say what it trains",
                    $"'{type.Name}' has several: write '[Loss(Trains = nameof(field))]' with a field that holds a block, or add them up in one method"));
            }
        }

        // A training step has the name of its loss.
        foreach (var loss in losses.GroupBy(loss => Layers.LayerNames.Pascal(loss.Method.Name)).SelectMany(same => same.Skip(1)))
        {
            Fail(Problem.At(
                Descriptors.LossSignature.Id,
                ExpressionSites.Of(loss.Method, null),
                loss.Method.Name,
                $"another loss has that name, so both training steps would be called 'Backward{Layers.LayerNames.Pascal(loss.Method.Name)}': give it one of its own"));
        }

        return failed ? null : read.OfType<LossSpec>().ToEquatableArray();
    }

    /// <summary>Returns the parameters that are tensors, with the columns that their attributes declare.</summary>
    public static IEnumerable<ParameterSpec> Parameters(IMethodSymbol method, LayerParser layers) =>
        method.Parameters.Where(parameter => ForwardMethods.IsTensor(parameter.Type)).Select(parameter =>
        {
            var attribute = parameter.GetAttributes().FirstOrDefault(attribute => Declarations.Contains(Symbols.KindOf(attribute)));
            var column = attribute is null ? null : layers.Read(attribute, ExpressionSites.Of(method, attribute.ApplicationSyntaxReference?.GetSyntax()));
            return new ParameterSpec(
                parameter.Name, ExpressionSites.Of(method, parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()), column?.Named(parameter.Name));
        });

    private LossSpec? Read(IMethodSymbol method, AttributeData attribute, Func<IMethodSymbol, int> numberOf)
    {
        var site = ExpressionSites.Of(method, null);
        if (method.ReturnType.TypeKind == TypeKind.Error || method.Parameters.Any(parameter => parameter.Type.TypeKind == TypeKind.Error))
        {
            return Fail(Problem.At(Problem.ReportedByCompiler, site));
        }

        if (attribute.ConstructorArguments.Length > 0 || attribute.NamedArguments.Any(argument => argument.Key is "Target" or "OutputActivation"))
        {
            return Fail(Problem.At(
                Descriptors.LossSignature.Id, site, method.Name, "on a method, [Loss] names neither a function nor a target or output activation: the method itself is the loss, of its parameters"));
        }

        if (attribute.NamedArguments.Any(argument => argument is { Key: "SampleWeights", Value.Value: true }))
        {
            return Fail(Problem.At(
                Descriptors.LossSignature.Id, site, method.Name, "a loss that is a method passes weights to its loss functions: '[Target(1)] Tensor weight' is a parameter for them, and 'output.MeanSquaredError(target, weights: weight)' uses it"));
        }

        var fits = method is { MethodKind: MethodKind.Ordinary, IsGenericMethod: false, RefKind: RefKind.None, IsAsync: false, IsExtern: false }
            && ForwardMethods.IsTensor(method.ReturnType) && ForwardMethods.HasOnlyTensors(method)
            && method.Parameters.Any(parameter => ForwardMethods.IsTensor(parameter.Type));
        if (!fits)
        {
            return Fail(Problem.At(
                Descriptors.LossSignature.Id, site, method.Name, $"write 'private Tensor {method.Name}(Tensor output, [Target(1)] Tensor target)': tensors in, one tensor out"));
        }

        if (attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "Trains").Value.Value is not string { Length: > 0 } field)
        {
            return new(method.Name, numberOf(method), Parameters(method, layers).ToEquatableArray(), "", "", site);
        }

        if (type.GetMembers(field).OfType<IFieldSymbol>().FirstOrDefault() is not { Type: INamedTypeSymbol block, IsReadOnly: true } || !Symbols.IsBlock(block))
        {
            return Fail(Problem.At(
                Descriptors.LossTrains.Id, site, $"The loss '{method.Name}' trains '{field}', which is no readonly field that holds a block", "write 'Trains = nameof(field)' with such a field"));
        }

        var part = field.TrimStart('_');
        var member = Layers.LayerNames.Pascal(part);
        return new(method.Name, numberOf(method), Parameters(method, layers).ToEquatableArray(), part, IsTaken(member) ? member + "Part" : member, site);
    }

    /// <summary>Whether the class, or every model, has a member with that name.</summary>
    private bool IsTaken(string member) =>
        type.GetMembers(member).Any(IsUsers) || compilation.GetTypeByMetadataName("ModelDsl.Model")?.GetMembers(member).Length > 0;

    private static bool IsUsers(ISymbol member) => Symbols.UserDeclarations(member).Any();

    private LossSpec? Fail(Problem problem)
    {
        problems.Add(problem);
        failed = true;
        return null;
    }
}
