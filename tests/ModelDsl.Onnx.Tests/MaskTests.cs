using ModelDsl.Ilgpu.Tests;

namespace ModelDsl.Onnx.Tests;

/// <summary>Attention with masks: which is the operator, and which a softmax.</summary>
public sealed class MaskTests
{
    [Fact]
    public void Numbers_that_are_added_to_scores_are_the_mask_of_the_operator()
    {
        var all = Operators(new Biased(), 23);
        Assert.Equal(2, all.Count(type => type == "Attention"));
        Assert.DoesNotContain("Softmax", all);
        Assert.Equal(2, Operators(new Biased(), 21).Count(type => type == "Softmax"));
    }

    [Fact]
    public void Attention_that_leaves_out_padding_has_a_softmax()
    {
        var all = Operators(new Attentive(), 23);
        Assert.Contains("Softmax", all);
        Assert.DoesNotContain("Exp", all);
    }

    private static string[] Operators(Model model, int opset)
    {
        using (model)
            return [.. OnnxModelWriter.Write(model.Description.Name, model.Description.Graph!(), new ModelValues(model), new OnnxExportOptions { Opset = opset }).Graph.Node.Select(node => node.OpType)];
    }
}
