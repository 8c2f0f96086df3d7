using System.Globalization;
using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing.Functions;

namespace ModelDsl.Generator.Parsing;

/// <summary>Reads the arguments of a layer attribute, with the names of its parameters and properties.</summary>
internal sealed class ArgumentParser(FunctionReader functions, ICollection<Problem> problems)
{
    private const string Arguments = "arguments";
    private const string Function = "function";
    private const string Loss = "Loss";

    public IEnumerable<ArgumentSpec> Read(AttributeData attribute, LayerSpec layer)
    {
        // An attribute or argument that does not bind is an error of the C# compiler.
        if (attribute.AttributeConstructor is not { } constructor)
        {
            problems.Add(Problem.At(Problem.ReportedByCompiler, layer.Site));
            yield break;
        }

        var positional = constructor.Parameters.Zip(attribute.ConstructorArguments, (parameter, value) => (parameter.Name, value));
        var optional = attribute.NamedArguments.Select(argument => (LowerFirst(argument.Key), argument.Value));
        foreach (var (name, constant) in positional.Concat(optional))
        {
            if (HasError(constant))
            {
                problems.Add(Problem.At(Problem.ReportedByCompiler, layer.SiteOf(name)));
            }
            else if (name == Arguments)
            {
                if (BlockArgumentsOf(attribute, constant, layer) is { Values.Count: > 0 } given) yield return new(name, given);
            }
            else if (ValueOf(constant, name, layer) is { } value)
            {
                yield return new(name, value);
            }
        }

        // [Loss] without a function is for methods.
        if (layer.Kind == Loss && constructor.Parameters.Length == 0) problems.Add(functions.Missing(layer));
    }

    /// <summary>Returns the value of an argument, or null if there is none or a problem was reported.</summary>
    private object? ValueOf(TypedConstant constant, string name, LayerSpec layer) => constant.Kind switch
    {
        TypedConstantKind.Array when constant.Type is IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Single } =>
            new EquatableArray<double>(constant.IsNull ? [] : [.. constant.Values.Select(item => AsWritten((float)item.Value!))]),
        TypedConstantKind.Array => new EquatableArray<int>(constant.IsNull ? [] : [.. constant.Values.Select(item => (int)item.Value!)]),
        TypedConstantKind.Enum => MemberOf(constant, name, layer),
        _ when name == Function => functions.Read(constant.Value as string ?? "", layer, problems),
        _ => constant.Value,
    };

    /// <summary>Returns the number whose digits are those of a float: 0.1 for 0.1f.</summary>
    private static double AsWritten(float value) => double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private string? MemberOf(TypedConstant constant, string name, LayerSpec layer)
    {
        var fields = constant.Type!.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue).ToList();
        if (fields.Find(field => Equals(field.ConstantValue, constant.Value)) is { } member) return member.Name;

        var members = string.Join(", ", fields.Select(field => $"{constant.Type.Name}.{field.Name}"));
        var value = Convert.ToString(constant.Value, CultureInfo.InvariantCulture)!;
        problems.Add(Problem.At(Descriptors.ArgumentOutOfRange.Id, layer.SiteOf(name), name, layer.Kind, value, $"one of {members}"));
        return null;
    }

    /// <summary>Returns the arguments of the block. A class that is not a block has already been reported.</summary>
    private BlockArguments? BlockArgumentsOf(AttributeData attribute, TypedConstant given, LayerSpec layer) =>
        LayerParser.BlocksOf(attribute).Select(block => block.Type).FirstOrDefault() is { } block
            ? BlockArgumentParser.Read(block, given, layer.SiteOf(Arguments), problems)
            : null;

    private static bool HasError(TypedConstant constant) =>
        constant.Kind == TypedConstantKind.Error
        || (constant is { Kind: TypedConstantKind.Array, IsNull: false } && constant.Values.Any(HasError));

    private static string LowerFirst(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);
}
