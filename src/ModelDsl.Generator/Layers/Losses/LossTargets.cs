using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>The targets of losses.</summary>
internal static class LossTargets
{
    /// <summary>Returns numbers in the output's shape: a column of the loss, or the model's input for an autoencoder.</summary>
    public static Node? Like(LayerCall call, LayerScope scope, LayerValue output)
    {
        if (call.Word("target", "Given") != "Input")
        {
            return scope.State.AddColumn(isTarget: true, "target", output.Shape, ElementType.Float, 0, output.IsSequence).Node;
        }

        var input = scope.State.Inputs[0];
        if (input.Node.Type == ElementType.Float && input.Node.Shape == output.Shape) return input.Node;
        var shape = LayerValue.TextOf(input.Node.Shape, input.IsSequence);
        var need = input.Node.Type == ElementType.Int ? "numbers as its target, which the token input is not" : $"an output in the shape of its target, the input {shape}";
        if (input.Node.Type == ElementType.Int)
        {
            const string Loss = "SoftmaxCrossEntropy";
            Misfit(call, scope, "target", need, $"did you mean [{Loss}]?", Repair.Write(call.Site, Loss, $"Write [{Loss}]"));
        }
        else if (input.Node.Shape.Length == output.Shape.Length)
        {
            var reshape = $"Reshape({string.Join(", ", input.Node.Shape.Extents.Skip(1))})";
            Misfit(call, scope, "target", need, $"did you mean [{reshape}] before it?", BeforeLoss(scope, reshape));
        }
        else
        {
            var width = input.Node.Shape.Length;
            var repair = output.Shape.Rank == 2 ? Resizing.To(output, width, call.Site) : null;
            Misfit(call, scope, "target", need, $"did you mean [Dense({width})] as the last layer?", repair);
        }

        return null;
    }

    /// <summary>Returns an edit that inserts a layer between the output and the loss of a list; null for a Forward method, whose end is not known.</summary>
    private static Repair? BeforeLoss(LayerScope scope, string layer) => scope.Input!.Trail!.Site.Kind == SiteKind.Attribute
        ? Repair.InsertBefore(scope.Call.Site, layer, $"Insert {layer}")
        : null;

    /// <summary>Returns numbers that a <c>[Loss]</c> method compares with; null after reporting.</summary>
    public static Node? Given(LayerScope scope, LayerValue output, LayerValue target)
    {
        if (!TensorFunctions.AreNumbers(scope, target)) return null;
        return target.Shape == output.Shape ? target.Node : Misfit(scope, output, target, "a loss compares element by element, so both have one shape");
    }

    /// <summary>Reports that the operands of a comparison in a <c>[Loss]</c> method do not fit, and returns null.</summary>
    public static Node? Misfit(LayerScope scope, LayerValue output, LayerValue target, string reason)
    {
        scope.Report(Problem.At(
            Descriptors.OperandShapes.Id,
            scope.Call.Site,
            scope.Call.Kind,
            $"'{output.Producer}'",
            output.ShapeText,
            $"'{target.Producer}'",
            target.ShapeText,
            $"{output.Trail} and {target.Trail}",
            LayerScope.After(reason)).With(output.Trail!.Site, target.Trail!.Site));
        return null;
    }

    /// <summary>Reports that the loss does not fit the output.</summary>
    public static void Misfit(LayerCall call, LayerScope scope, string argument, string need, string suggestion, params Repair?[] repairs) => scope.Report(Problem.At(
        Descriptors.LossShape.Id,
        call.SiteOf(argument),
        call.Text,
        need,
        scope.Producer,
        scope.Input!.ShapeText,
        $"{scope.Input.Trail} → {LayerNames.Camel(call.Kind)} ✗",
        LayerScope.After(suggestion)).With(scope.Input.Trail!.Site).Suggest(repairs));
}
