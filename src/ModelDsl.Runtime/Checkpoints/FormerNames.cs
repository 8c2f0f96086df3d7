using ModelDsl.Compiled;

namespace ModelDsl.Checkpoints;

/// <summary>Finds the present names of tensors that a file has under former names of layers.</summary>
/// <param name="names">The former names of the model.</param>
/// <param name="known">The names of the model's parameters and states.</param>
internal sealed class FormerNames(FormerNameDescription[] names, IReadOnlySet<string> known)
{
    /// <summary>Returns the former names of a model.</summary>
    public static FormerNames Of(Model model) => new(model.Description.FormerNames, model.Tensors.Select(static tensor => tensor.Name).ToHashSet());

    /// <summary>Returns the present name of a tensor; its own name if it is not a former one. A part of a renamed block may be renamed too.</summary>
    /// <param name="tensor">The tensor.</param>
    public string Present(string tensor)
    {
        var name = tensor;
        for (var step = 0; step <= names.Length; step++)
        {
            if (known.Contains(name))
                return name;
            if (Array.Find(names, other => Begins(name, other.Former)) is not { } former)
                break;
            name = former.Now + name[former.Former.Length..];
        }

        return tensor;
    }

    private static bool Begins(string name, string layer) => name.StartsWith(layer, StringComparison.Ordinal) && (name.Length == layer.Length || name[layer.Length] == '.');
}
