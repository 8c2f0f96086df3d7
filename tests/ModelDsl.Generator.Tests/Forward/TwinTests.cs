using System.Reflection;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>Every layer attribute has a method of Tensor with the same name, arguments and defaults.</summary>
public class TwinTests
{
    // What C# itself says in a Forward: parameters, loops, operators.
    private static readonly string[] Without = ["Input", "TokenInput", "Apply", "Repeat", "Residual", "Parallel"];

    public static TheoryData<string> Layers =>
        [.. typeof(LayerAttribute).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(LayerAttribute)) && !type.IsAbstract)
            .Select(NameOf).Distinct().Except(Without).Order()];

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_has_a_twin(string name)
    {
        var attribute = typeof(LayerAttribute).Assembly.GetType($"ModelDsl.{name}Attribute")!;

        // Overloads with tensors or functions of their own say what an attribute cannot.
        var methods = typeof(Tensor).GetMethods().Where(method => method.Name == name
            && !method.GetParameters().Any(parameter => parameter.ParameterType == typeof(Tensor) || parameter.ParameterType.GenericTypeArguments.Contains(typeof(Tensor)) || parameter.ParameterType.IsSubclassOf(typeof(Delegate)))).ToArray();
        Assert.True(methods.Length == 1, $"Tensor has {methods.Length} methods '{name}' that could be the twin.");
        var method = methods[0];
        Assert.Equal(typeof(Tensor), method.ReturnType);

        var constructor = Assert.Single(attribute.GetConstructors()).GetParameters();
        var parameters = method.GetParameters();
        Assert.Equal(constructor.Select(Describe), parameters.Take(constructor.Length).Select(Describe));

        // After "params" nothing can follow.
        if (constructor.Any(IsParams)) return;
        var given = new object?[constructor.Length];
        for (var i = 0; i < given.Length; i++) given[i] = constructor[i].ParameterType.IsValueType ? Activator.CreateInstance(constructor[i].ParameterType) : null;
        var instance = attribute.GetConstructors()[0].Invoke(given);
        var optional = attribute.GetProperties().Where(property => property.SetMethod is not null)
            .Select(property => $"{property.PropertyType} {char.ToLowerInvariant(property.Name[0])}{property.Name[1..]} = {property.GetValue(instance)}");
        Assert.Equal(optional.Order(), parameters.Skip(constructor.Length).Select(Describe).Order());
    }

    [Fact]
    public void Nothing_can_be_called()
    {
        var exception = Assert.Throws<TargetInvocationException>(() => typeof(Tensor).GetMethod("op_UnaryNegation")!.Invoke(null, [null]));
        Assert.Contains("only describes a network", exception.InnerException!.Message, StringComparison.Ordinal);
    }

    private static string NameOf(Type type) => type.Name.Split('`')[0].Replace("Attribute", "", StringComparison.Ordinal);

    private static string Describe(ParameterInfo parameter)
    {
        var otherwise = parameter.DefaultValue is int number && parameter.ParameterType.IsEnum ? Enum.ToObject(parameter.ParameterType, number) : parameter.DefaultValue;
        return $"{(IsParams(parameter) ? "params " : "")}{parameter.ParameterType} {parameter.Name}{(parameter.HasDefaultValue ? $" = {otherwise}" : "")}";
    }

    private static bool IsParams(ParameterInfo parameter) => parameter.IsDefined(typeof(ParamArrayAttribute));
}
