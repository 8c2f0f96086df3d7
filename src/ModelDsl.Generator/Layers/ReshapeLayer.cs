using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>Changes the shape of a sample and keeps its values in row-major order: [N, …] → [N, shape…].</summary>
internal sealed class ReshapeLayer : Layer
{
    public override string Kind => "Reshape";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        var shape = call.Ints("shape");
        if (!scope.Require(shape.Count > 0 && shape.All(size => size > 0), "shape", "one or more positive sizes")) return null;
        if (!scope.Fits($"The output of '{scope.Name}'", [.. shape])) return null;
        var target = Shape.Batch([.. shape]);
        if (target.Length == input.Shape.Length)
        {
            return new LayerValue(GraphBuilder.Reshape(scope.NodeName, target, input.Node), IsSequence: false, input.Trail);
        }

        var nearest = string.Join(", ", Nearest(shape, input.Shape.Length));
        var candidates = new List<string> { $"Reshape({nearest})" };
        var repairs = new List<Repair?> { Repair.WriteAll(call.SiteOf("shape"), nearest, $"Write Reshape({nearest})") };
        var rows = input.Shape.Length / input.Width;
        if (target.Length % rows == 0)
        {
            candidates.Add($"Dense({target.Length / rows}) before it");
            repairs.Add(Resizing.To(input, target.Length / rows, call.Site));
        }

        return scope.Report(Problem.At(
            Descriptors.ReshapeCount.Id,
            call.SiteOf("shape"),
            target.ToString(),
            target.Length.ToString(LayerNames.Invariant),
            scope.Producer,
            input.ShapeText,
            scope.PathToHere,
            LayerScope.After($"did you mean {string.Join(", or ", candidates)}?")).With(input.Trail!.Site).Suggest([.. repairs]));
    }

    /// <summary>Returns sizes for the number of values: as given except for one size, otherwise with the same rank and as equal as possible.</summary>
    private static int[] Nearest(IReadOnlyList<int> shape, int length)
    {
        for (var axis = shape.Count - 1; axis >= 0; axis--)
        {
            var others = shape.Where((_, index) => index != axis).Aggregate(1L, (product, size) => product * size);
            if (length % others == 0) return [.. shape.Select((size, index) => index == axis ? (int)(length / others) : size)];
        }

        var sizes = new int[shape.Count];
        var rest = length;
        for (var axis = 0; axis < sizes.Length - 1; axis++)
        {
            var ideal = Math.Pow(rest, 1.0 / (sizes.Length - axis));
            var size = Math.Max(1, (int)ideal);
            while (rest % size != 0) size--;
            (sizes[axis], rest) = (size, rest / size);
        }

        sizes[sizes.Length - 1] = rest;
        return sizes;
    }
}
