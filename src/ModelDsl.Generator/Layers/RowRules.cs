using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// Detects a dense network on samples with several axes without a Flatten layer. It compiles, but compares each row of a sample separately, which is probably a mistake.
/// </summary>
internal static class RowRules
{
    // With these layers alone there is no sign that a sample has several parts to compare, such as a sequence, or an image with a label per pixel.
    private static readonly HashSet<string> Plain = ["Dense", "Dropout", "LayerNorm", "RmsNorm", "BatchNorm"];

    /// <summary>Reports such a network if its loss is declared on the class: a method with [Loss] declares the shape of its targets.</summary>
    public static void Check(LayerValue output, LayerSpec loss, string lossKind, LoweringState state)
    {
        // If some labels are ignored, the labels of rows are intended.
        if (output is not { IsSequence: false, Trail: { } trail } || output.Shape.Rank < 3 || new LayerCall(loss).Has("ignore")) return;
        var steps = trail.Back.ToList();
        var (input, layers) = (steps[steps.Count - 1], steps.Take(steps.Count - 1).Reverse().ToList());
        if (input.Call?.Kind != "Input" || !layers.TrueForAll(IsPlain)) return;
        if (layers.Find(step => step.Call!.Kind == "Dense") is not { Call: { } dense } || input.Shape == output.ShapeText) return;

        var flatten = dense.Site.Kind == SiteKind.Attribute ? "[Flatten]" : "Flatten()";
        var problem = lossKind == "Classes"
            ? Problem.At(
                Descriptors.MissingFlattenOfClasses.Id, dense.Site, loss.Kind, Labels(output).ToString(LayerNames.Invariant), dense.Written, input.Shape, flatten, LayerScope.After(OfEachRow(output, trail.Call!)))
            : Problem.At(Descriptors.MissingFlatten.Id, dense.Site, loss.Kind, Target(output.Shape), dense.Written, input.Shape, flatten);
        state.Doubt(problem.Suggest(Repair.InsertBefore(dense.Site, "Flatten", $"Insert {flatten} before {dense.Written}")));
    }

    private static bool IsPlain(Trail step) =>
        step.Call is { } call && (Plain.Contains(call.Kind) || LayerTable.TryFind(call.Kind) is PointwiseLayer or SoftmaxLayer);

    private static int Labels(LayerValue output) => output.Shape.Length / output.Width;

    private static string Target(Shape shape) => $"[{string.Join(", ", shape.Extents.Skip(1))}]";

    /// <summary>Returns a convolution with windows of one element, which shows that each element has its own label.</summary>
    private static string OfEachRow(LayerValue output, LayerCall last) => output.Shape.Rank switch
    {
        3 => $"where each row has a label of its own, write Conv1D({output.Width}, 1) for {last.Written}",
        4 => $"where each pixel has a label of its own, write Conv2D({output.Width}, 1) for {last.Written}",
        _ => "",
    };
}
