using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;
using ModelDsl.Onnx.Graphs;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Patterns;

/// <summary>Functions of one element for which ONNX has an operator, but which are several scalar operations here.</summary>
internal static class ActivationPattern
{
    private const int OpsetOfGelu = 20;
    private const double Tolerance = 1e-9;

    /// <summary>Returns the operator for the body of a map with one operand; null if there is none.</summary>
    public static (string Operator, AttributeProto[] Attributes)? Find(GraphNode node, int opset)
    {
        if (BodyPattern.Matches(node, "Select(Less(#,x0),x0,Multiply(#,x0))", out var numbers) && numbers[0] == 0)
            return ("LeakyRelu", [OnnxAttribute.Of("alpha", numbers[1])]);
        if (BodyPattern.Matches(node, "Select(Less(#,x0),x0,Subtract(Exp(x0),#))", out numbers) && Are(numbers, 0, 1))
            return ("Elu", [OnnxAttribute.Of("alpha", 1.0)]);
        if (BodyPattern.Matches(node, "Select(Less(#,x0),x0,Multiply(#,Subtract(Exp(x0),#)))", out numbers) && numbers[0] == 0 && numbers[2] == 1)
            return ("Elu", [OnnxAttribute.Of("alpha", numbers[1])]);
        if (opset < OpsetOfGelu)
            return null;
        if (BodyPattern.Matches(node, "Multiply(Multiply(#,x0),Add(#,Erf(Multiply(#,x0))))", out numbers) && Are(numbers, 0.5, 1, Math.Sqrt(0.5)))
            return ("Gelu", [OnnxAttribute.Of("approximate", "none")]);
        return BodyPattern.Matches(node, "Multiply(Multiply(#,x0),Add(#,Tanh(Multiply(#,Add(x0,Multiply(#,Multiply(x0,Multiply(x0,x0))))))))", out numbers)
            && Are(numbers, 0.5, 1, Math.Sqrt(2 / Math.PI), 0.044715) ? ("Gelu", [OnnxAttribute.Of("approximate", "tanh")]) : null;
    }

    private static bool Are(double[] values, params double[] expected) => values.Zip(expected, (value, wanted) => Math.Abs(value - wanted) < Tolerance).All(isNear => isNear);
}
