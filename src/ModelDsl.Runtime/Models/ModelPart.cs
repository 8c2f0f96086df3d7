namespace ModelDsl;

/// <summary>The weights of a model that one of its losses trains, to be updated by an optimizer of their own.</summary>
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

    /// <summary>The model it is a part of.</summary>
    public Model Model { get; }

    /// <summary>The part's name: that of the field that holds it.</summary>
    public string Name { get; }

    /// <summary>Its parameters, under their names in the model.</summary>
    public ParameterCollection<Parameter> Parameters { get; }

    /// <summary>Whether a parameter belongs to a part; the part without a name is the whole.</summary>
    internal static bool Contains(string part, string parameter) =>
        part.Length == 0 || (parameter.Length > part.Length && parameter[part.Length] == '.' && parameter.StartsWith(part, StringComparison.Ordinal));
}
