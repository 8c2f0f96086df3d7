namespace ModelDsl;

/// <summary>The parameters of a model that one of its losses trains. A separate optimizer can update them.</summary>
/// <example>
/// <code>
/// model.BackwardDiscriminatorLoss(batch);
/// optimizer.Update(model.Discriminator);
/// </code>
/// </example>
public sealed class ModelPart
{
    internal ModelPart(Model model, string name)
    {
        Model = model;
        Name = name;
        Parameters = new ParameterCollection<Parameter>($"The part '{name}'", model.Parameters.Where(parameter => Contains(name, parameter.Name)));
    }

    /// <summary>The model that contains the part.</summary>
    public Model Model { get; }

    /// <summary>The name of the part: the name of its field.</summary>
    public string Name { get; }

    /// <summary>The parameters of the part, with their names in the model.</summary>
    public ParameterCollection<Parameter> Parameters { get; }

    /// <summary>Whether a parameter belongs to a part; the part with an empty name is the whole model.</summary>
    internal static bool Contains(string part, string parameter) =>
        part.Length == 0 || (parameter.Length > part.Length && parameter[part.Length] == '.' && parameter.StartsWith(part, StringComparison.Ordinal));
}
