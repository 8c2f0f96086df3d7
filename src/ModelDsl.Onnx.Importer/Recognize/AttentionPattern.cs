using Google.Protobuf;
using ModelDsl.Onnx.Schema;
using static ModelDsl.Onnx.Schema.AttributeProto.Types;

namespace ModelDsl.Onnx.Importer.Recognize;

/// <summary>
/// softmax(f(q · kᵀ)) · v, where f scales the scores and masks them: any order of products, quotients, sums and selections. What their other sides are is known when the node is converted only, because
/// files compute some of them from shapes.
/// </summary>
internal static class AttentionPattern
{
    /// <summary>The attribute with the operators of f in the order of computation. Their other operands are the inputs after q, kᵀ and v.</summary>
    public const string Steps = "steps";

    /// <summary>A selection whose second value is the scores.</summary>
    public const string WhereElse = "WhereElse";

    private const int MostSteps = 6;

    public static NodeProto? Find(NodeProto node, GraphIndex index)
    {
        if (node.OpType != "MatMul" || node.Input.Count != 2 || index.IsConstant(node.Input[1]) || index.Producer(node.Input[0], "Softmax") is not { } softmax) return null;
        var axis = softmax.Attribute.FirstOrDefault(attribute => attribute.Name == "axis")?.I ?? (index.Opset < 13 ? 1 : -1);
        if (!index.IsReadOnce(node.Input[0])) return null;
        var steps = new List<(string Operator, string[] Others)>();
        var value = softmax.Input[0];
        while (true)
        {
            // What another node reads too would be computed twice.
            if (!index.IsReadOnce(value)) return null;
            if (Product(value, index) is not null) break;
            if (steps.Count == MostSteps || Step(value, index, MostSteps - steps.Count) is not var (type, scores, others)) return null;
            steps.Add((type, others));
            value = scores;
        }

        var product = Product(value, index)!;
        var (queries, keys) = (Unscaled(product.Input[0], index, steps), Unscaled(product.Input[1], index, steps));
        steps.Reverse();
        var names = new AttributeProto { Name = Steps, Type = AttributeType.Strings, Strings = { steps.Select(step => ByteString.CopyFromUtf8(step.Operator)) } };
        var along = new AttributeProto { Name = "axis", Type = AttributeType.Int, I = axis };
        return new NodeProto { OpType = Recognized.Attention, Input = { queries, keys, node.Input[1], steps.SelectMany(step => step.Others) }, Attribute = { names, along } };
    }

    /// <summary>Returns a side of the product before it is scaled by numbers, which scale the scores instead.</summary>
    private static string Unscaled(string side, GraphIndex index, List<(string Operator, string[] Others)> steps)
    {
        while (steps.Count < MostSteps && index.IsReadOnce(side) && index.Producer(side, "Mul", "Div") is { Input: [var scaled, var number] } node && index.NumberOf(number) is not null)
        {
            steps.Add((node.OpType, [number]));
            side = scaled;
        }

        return side;
    }

    private static NodeProto? Product(string value, GraphIndex index) =>
        index.Producer(value, "MatMul") is { Input.Count: 2 } product && !index.IsConstant(product.Input[0]) && !index.IsConstant(product.Input[1]) ? product : null;

    /// <summary>The operator that computes a value from scores, and its other operands.</summary>
    private static (string Operator, string Scores, string[] Others)? Step(string value, GraphIndex index, int most)
    {
        if (index.Producer(value, "Add", "Mul", "Div", "Sub", "Where") is not { } node) return null;
        var inputs = node.Input;
        if (node.OpType == "Where" && inputs.Count == 3)
        {
            if (HasProduct(inputs[1], index, most)) return ("Where", inputs[1], [inputs[0], inputs[2]]);
            return HasProduct(inputs[2], index, most) ? (WhereElse, inputs[2], [inputs[0], inputs[1]]) : null;
        }

        if (inputs.Count != 2) return null;
        if (HasProduct(inputs[0], index, most)) return (node.OpType, inputs[0], [inputs[1]]);
        return node.OpType is "Add" or "Mul" && HasProduct(inputs[1], index, most) ? (node.OpType, inputs[1], [inputs[0]]) : null;
    }

    private static bool HasProduct(string value, GraphIndex index, int most) =>
        Product(value, index) is not null || (most > 1 && Step(value, index, most - 1) is not null);
}
