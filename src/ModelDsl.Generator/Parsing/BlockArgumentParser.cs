using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing.Bodies;

namespace ModelDsl.Generator.Parsing;

/// <summary>Binds the constants of <c>[Apply&lt;B&gt;(64, 2)]</c> to the parameters of the block's primary constructor, by position.</summary>
internal static class BlockArgumentParser
{
    /// <summary>Returns a value for each parameter; null after reporting.</summary>
    public static BlockArguments? Read(INamedTypeSymbol block, TypedConstant given, Site site, ICollection<Problem> problems)
    {
        var constants = given.IsNull ? [] : given.Values;
        var parameters = ForwardMethods.Find(block).Count == 0 ? [] : ForwardMethods.PrimaryConstructor(block)?.Parameters ?? [];
        var values = new List<BlockArgument>();
        for (var i = 0; i < parameters.Length && values.Count == i; i++)
        {
            var value = i < constants.Length ? Convert(constants[i], parameters[i].Type)
                : parameters[i].HasExplicitDefaultValue ? DefaultOf(parameters[i])
                : null;
            if (value is not null) values.Add(new(value));
        }

        if (values.Count == parameters.Length && constants.Length <= parameters.Length) return new(values.ToEquatableArray());
        var takes = parameters.Length == 0 ? "no arguments" : $"({string.Join(", ", parameters.Select(Text))})";
        var gets = constants.Length == 0 ? "none" : $"({string.Join(", ", constants.Select(constant => constant.ToCSharpString()))})";
        problems.Add(Problem.At(Descriptors.BlockArguments.Id, site, block.Name, takes, gets, parameters.Length == 0
            ? $"a block that is a list of layers has no parameters: remove {(constants.Length == 1 ? "it" : "them")}"
            : "give constants in the order of the parameters")
            .Suggest(parameters.Length == 0 ? new Repair(RepairKind.RemoveArguments, site, "", "Remove the arguments") : null));
        return null;
    }

    private static object? Convert(TypedConstant constant, ITypeSymbol to)
    {
        if (constant.Kind == TypedConstantKind.Enum)
        {
            return SymbolEqualityComparer.Default.Equals(constant.Type, to) ? MemberOf(constant.Type!, constant.Value!) : null;
        }

        if (constant.Kind != TypedConstantKind.Primitive) return null;
        return (to.SpecialType, constant.Value) switch
        {
            (SpecialType.System_Int32, int) or (SpecialType.System_Boolean, bool) or (SpecialType.System_String, string) => constant.Value,
            (SpecialType.System_Single, int or float) => System.Convert.ToSingle(constant.Value, CultureInfo.InvariantCulture),
            (SpecialType.System_Double, int or float or double) => System.Convert.ToDouble(constant.Value, CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    private static object? DefaultOf(IParameterSymbol parameter) => parameter.Type.TypeKind == TypeKind.Enum
        ? MemberOf(parameter.Type, parameter.ExplicitDefaultValue!)
        : parameter.ExplicitDefaultValue;

    private static string? MemberOf(ITypeSymbol type, object value) =>
        type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value))?.Name;

    private static string Text(IParameterSymbol parameter)
    {
        var type = parameter.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
        var otherwise = parameter.HasExplicitDefaultValue && DefaultOf(parameter) is { } value ? $" = {new BlockArgument(value)}" : "";
        return $"{type} {parameter.Name}{otherwise}";
    }
}
