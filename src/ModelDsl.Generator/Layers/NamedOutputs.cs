using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>The named values inside a model's network, in the order in which they are computed.</summary>
internal sealed class NamedOutputs(ModelSpec spec)
{
    /// <summary>The layer that names them.</summary>
    public const string Kind = "Output";

    private readonly List<Root> roots = [];
    private bool isClosed;

    /// <summary>The values as roots of the inference graph.</summary>
    public IReadOnlyList<Root> Roots => roots;

    /// <summary>Marks the network as complete: losses, which may run it again, add no outputs.</summary>
    public void Close() => isClosed = true;

    /// <summary>Adds a named value; null after reporting.</summary>
    public LayerValue? Add(LayerCall call, BlockScope block, LoweringState state, LayerValue input)
    {
        var scope = new LayerScope(state, block, call, "output", input);
        if (!block.IsModel) return scope.Report(InBlock(call, block.Owner));

        var given = call.Word("name", "");
        var name = given.Length > 0 ? given : LayerNames.Join(input.Producer);
        if (isClosed)
        {
            return roots.Exists(root => root.Name == name) ? input
                : scope.Report(Misplaced(call, "it stands in a loss, which predictions do not compute; write it in Forward"));
        }

        if (input.Trail?.Previous is null) return scope.Report(Misplaced(call, "only the input stands before it; write it behind the layer that it is to name"));
        if (input.Node.Type == ElementType.Int) return scope.TokensNotAccepted();
        if (!input.Shape.HasBatch) return scope.NotAccepted("a value of each sample, [N, …]", "a weight is in the model's Parameters");
        if (!LayerNames.IsIdentifier(name)) return Refused(LayerNames.ToIdentifier(name), "it is no name in C#; use letters, digits and underscores, beginning with a letter, as in 'code'");
        if (WhyTaken(name) is { } reason)
        {
            return Refused(Free(name), $"{reason}; {(given.Length > 0 ? "choose another name" : "give it a name of its own, as in [Output(\"code\")]")}");
        }

        roots.Add(new(RootKind.Named, name, input.Node));
        state.Rows.Add(new LayerRow(block.Depth, name, Kind, input.ShapeText, 0, 0, 0));
        return input;

        LayerValue? Refused(string? other, string why) => scope.Report(Problem.At(Descriptors.OutputName.Id, call.SiteOf("name"), name, why)
            .Suggest(given.Length > 0 && other is not null && WhyTaken(other) is null ? Repair.Write(call.SiteOf("name"), $"\"{other}\"", $"Call it '{other}'") : null));
    }

    /// <summary>Returns the layers of a list without Output layers before the input or after the loss, which are reported.</summary>
    public static IReadOnlyList<LayerSpec> InOrder(IReadOnlyList<LayerSpec> layers, LoweringState state)
    {
        if (!layers.Any(layer => layer.Kind == Kind)) return layers;
        var (first, last) = (0, layers.Count - 1);
        while (first < layers.Count && layers[first].Kind == Kind) first++;
        while (last > first && layers[last].Kind == Kind) last--;
        foreach (var layer in layers.Take(first)) state.Report(Misplaced(new LayerCall(layer), "it stands before the input; write it behind the layer that it is to name"));
        if (last < 0 || LayerTable.Find(layers[last].Kind) is not LossLayer) return [.. layers.Skip(first)];
        foreach (var layer in layers.Skip(last + 1)) state.Report(Misplaced(new LayerCall(layer), "it stands behind the loss, which has no output; write it behind the layer that it is to name"));
        return [.. layers.Take(last + 1).Skip(first)];
    }

    /// <summary>Returns the problem of an output in a block, which may be used several times, so that its values have no unique name.</summary>
    public static Problem InBlock(LayerCall call, string block) =>
        Misplaced(call, $"'{block}' is a block, which may be used several times; write it behind the use of the block, in the model");

    /// <summary>Returns the problem of an output without a value to name.</summary>
    private static Problem Misplaced(LayerCall call, string reason) =>
        Problem.At(Descriptors.OutputPosition.Id, call.Site, $"[{call.Kind}]", reason).Suggest(call.Site.Kind == SiteKind.Attribute ? Repair.Remove(call.Site, $"[{call.Kind}]") : null);

    /// <summary>Returns the name of the method that predicts an output.</summary>
    public static string MethodOf(string name) => "Predict" + LayerNames.Pascal(name);

    /// <summary>Returns the name with the first number that makes it unique.</summary>
    private string Free(string name)
    {
        var number = 2;
        while (WhyTaken(name + number.ToString(LayerNames.Invariant)) is not null) number++;
        return name + number.ToString(LayerNames.Invariant);
    }

    private string? WhyTaken(string name)
    {
        var method = MethodOf(name);
        if (roots.Exists(root => MethodOf(root.Name) == method)) return $"another output would have '{method}' too";
        if (method == "PredictLogits") return $"every model has a '{method}' already, which gives the raw values of the last layer";
        if (spec.OwnMembers.Contains(method)) return $"'{spec.Type.Name}' has a '{method}' of its own";
        return spec.Forward?.Outputs.Contains(name) ?? name == Parsing.Bodies.ForwardSpec.SingleOutput ? "the model's own output is called that, which Predict gives" : null;
    }
}
