using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.WeightFiles;

/// <summary>Compares the parameters and states of a model with the tensors of its weights file, by the same rules as <c>Load</c>.</summary>
internal static class WeightFileCheck
{
    /// <summary>The number of tensors that a message names.</summary>
    private const int Shown = 4;

    /// <summary>Returns the differences, one problem for each kind.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="lowered">Its graphs.</param>
    /// <param name="findList">Returns the text that lists the tensors of a file, by the name of the text; null if the project has none.</param>
    public static IEnumerable<Problem> Of(ModelSpec spec, LoweredModel lowered, Func<string, string?> findList)
    {
        if (spec.Weights is not { } weights) return [];
        var listName = weights.FileName + TensorList.Suffix;
        if (findList(listName) is not { } text)
        {
            return [Unchecked(weights, $"the project has no '{listName}'", $"add <ModelDslWeights Include=\"{weights.FileName}\" /> to the project, or the text itself as an item of AdditionalFiles")];
        }

        var list = TensorList.Parse(text);
        return list.Mistake is { } mistake
            ? [Unchecked(weights, $"'{listName}' is no list of tensors: {mistake}", "write it again with SafetensorsFile.WriteTensorList")]
            : Differences(spec, weights, lowered, list);
    }

    private static Problem Unchecked(WeightsSpec weights, string why, string what) => Problem.At(Descriptors.WeightsUnchecked.Id, weights.Site, weights.File, why, what);

    private static IEnumerable<Problem> Differences(ModelSpec spec, WeightsSpec weights, LoweredModel lowered, TensorList list)
    {
        var parameters = lowered.Parameters.ToDictionary(parameter => parameter.Name);
        var given = list.Tensors.Where(tensor => tensor.Name.StartsWith(weights.FilePrefix, StringComparison.Ordinal))
            .ToDictionary(tensor => weights.Prefix + tensor.Name.Substring(weights.FilePrefix.Length));

        // A tensor under a former name is not used if the file has the present name too.
        string NameOf(string name) => FormerName.Present(lowered.FormerNames, name, parameters.ContainsKey) is var present && given.ContainsKey(present) ? name : present;
        var tensors = new Dictionary<string, ListedTensor>();
        foreach (var tensor in given) tensors[NameOf(tensor.Key)] = tensor.Value;

        var missing = lowered.Parameters.Where(parameter => !tensors.ContainsKey(parameter.Name)).ToList();
        var unexpected = tensors.Where(pair => !parameters.ContainsKey(pair.Key) && !pair.Value.IsCounter).Select(pair => pair.Value with { Name = pair.Key }).ToList();
        var common = lowered.Parameters.Where(parameter => tensors.ContainsKey(parameter.Name)).Select(parameter => (Parameter: parameter, Tensor: tensors[parameter.Name])).ToList();
        if (missing.Count > 0 && !weights.AllowsMissing)
        {
            var renamed = Renamings.Find(missing, unexpected);
            yield return At(Descriptors.WeightsMissing, missing.Select(parameter => $"'{parameter.Name}' {ShapeOf(parameter)}"), renamed is null ? "set AllowMissing = true to keep initial values there" : $"did you mean [{renamed}]?")
                .Suggest(renamed is null ? null : Repair.AddAttribute(Site.OfType(spec.Type.Key), renamed, spec.Type.Name));
        }

        if (unexpected.Count > 0 && !weights.AllowsUnexpected)
        {
            yield return At(Descriptors.WeightsUnexpected, unexpected.Select(tensor => $"'{tensor.Name}' {tensor.ShapeText}"), "set AllowUnexpected = true to ignore them");
        }

        var mismatched = common.Where(pair => pair.Tensor.IsFloat && !pair.Tensor.Shape.SequenceEqual(pair.Parameter.Shape.Extents.Select(extent => (long)extent.Value))).ToList();
        if (mismatched.Count > 0)
        {
            yield return At(Descriptors.WeightsShape, mismatched.Select(pair => $"'{pair.Parameter.Name}' is {pair.Tensor.ShapeText} in the file, but {ShapeOf(pair.Parameter)} in the model"), "");
        }

        var wrong = common.Where(pair => !pair.Tensor.IsFloat).ToList();
        if (wrong.Count > 0) yield return At(Descriptors.WeightsType, wrong.Select(pair => $"'{pair.Parameter.Name}' is {pair.Tensor.Type}"), "");

        Problem At(Microsoft.CodeAnalysis.DiagnosticDescriptor descriptor, IEnumerable<string> items, string advice) =>
            Problem.At(descriptor.Id, weights.Site, weights.FileName, spec.Type.Name, List([.. items]), LayerScope.After(advice));
    }

    private static string ShapeOf(ParameterNode parameter) => $"[{string.Join(", ", parameter.Shape.Extents)}]";

    private static string List(string[] items) => items.Length <= Shown
        ? string.Join(", ", items)
        : $"{string.Join(", ", items.Take(Shown))} and {(items.Length - Shown).ToString(LayerNames.Invariant)} more";
}
