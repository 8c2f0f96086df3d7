using ModelDsl.Compiled;
using ModelDsl.Devices;

namespace ModelDsl.Optimizers;

/// <summary>
/// The parameters of a pass, grouped by the factors of their learning rates and by their numbers of updates: a parameter that was frozen has fewer updates than others, and
/// corrections of running means depend on that number.
/// </summary>
/// <param name="model">The description of the model.</param>
/// <param name="part">The part that is updated; empty for the whole model.</param>
/// <param name="all">The segments of all trainable parameters of the part.</param>
/// <param name="segmentation">Divides parameters into segments.</param>
internal sealed class UpdateGroups(ModelDescription model, string part, UpdateSegment[] all, Segmentation segmentation)
{
    private readonly int[] updates = new int[model.Parameters.Length];
    private int version = -1;
    private (int Start, int Length)[]? pads;

    /// <summary>The number of updates of the pass.</summary>
    public int Updates { get; set; }

    /// <summary>The groups that are updated.</summary>
    public UpdateGroup[] Groups { get; private set; } = [];

    /// <summary>The ranges of the gradients of parameters that are not frozen.</summary>
    public (int Start, int Length)[] Ranges { get; private set; } = [];

    /// <summary>The ranges of the gradient buffer that belong to no parameter.</summary>
    public (int Start, int Length)[] Pads => pads ??= GradientPads.Of(model);

    /// <summary>Sets the number of updates of each parameter.</summary>
    /// <param name="ofParameter">The numbers.</param>
    public void SetUpdates(Func<string, int> ofParameter)
    {
        for (var i = 0; i < updates.Length; i++)
            updates[i] = ofParameter(model.Parameters[i].Name);
        version = -1;
    }

    /// <summary>Returns the number of updates of a parameter.</summary>
    /// <param name="name">The name of the parameter.</param>
    public int UpdatesOf(string name)
    {
        KeepUpdates();
        return updates[Array.FindIndex(model.Parameters, parameter => parameter.Name == name)];
    }

    /// <summary>Forms the groups again if rules have changed.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="owner">The model.</param>
    /// <exception cref="InvalidOperationException">A rule matches no parameter.</exception>
    public void Refresh(ParameterRules rules, Model owner)
    {
        // A separate method: the closures of its lambdas would be allocated at the start of the method, and updates must not allocate.
        if (version != rules.Version)
            Form(rules, owner);
    }

    private void Form(ParameterRules rules, Model owner)
    {
        rules.Check(owner);
        KeepUpdates();
        Groups = [.. Enumerable.Range(0, model.Parameters.Length)
            .Where(i => Segmentation.IsUpdated(model.Parameters[i], part) && !rules.IsFrozen(model.Parameters[i].Name))
            .GroupBy(i => (rules.FactorOf(model.Parameters[i].Name), updates[i]))
            .Select(group => Group(group.Key.Item1, group.Key.Item2, [.. group]))];
        Ranges = [.. Segmentation.Ranges(model, Groups.SelectMany(static group => group.Parameters).Order())];
        version = rules.Version;
    }

    private UpdateGroup Group(double factor, int updates, int[] parameters)
    {
        var segments = segmentation.Segments(model, parameters);

        // The same array for all parameters, by which a device recognizes that nothing is left out.
        return new UpdateGroup(factor, parameters, segments.AsSpan().SequenceEqual(all) ? all : segments) { Updates = updates, Whole = segmentation.Whole(model, parameters) };
    }

    /// <summary>Notes the number of updates of each parameter, before the groups change.</summary>
    private void KeepUpdates()
    {
        foreach (var group in Groups)
        {
            foreach (var parameter in group.Parameters)
                updates[parameter] = group.Updates;
        }
    }
}

/// <summary>Parameters with the same learning rate and number of updates.</summary>
/// <param name="Factor">The factor of the learning rate.</param>
/// <param name="Parameters">The indices of the parameters in the description of the model.</param>
/// <param name="Segments">The segments of the parameters.</param>
internal sealed record UpdateGroup(double Factor, int[] Parameters, UpdateSegment[] Segments)
{
    /// <summary>The number of updates of each of the parameters.</summary>
    public int Updates { get; set; }

    /// <summary>The segments of the parameters, also those that other ranks of a group update.</summary>
    public UpdateSegment[] Whole { get; init; } = Segments;
}
