using ModelDsl.Compiled;
using ModelDsl.Models;
using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Models;

public class BatchCheckTests
{
    [Fact]
    public void Columns_that_do_not_fit_are_described()
    {
        using var model = new LinearModel();
        var message = Assert.Throws<ArgumentException>(() => model.Forward(Batch.Of(2, [1f, 2, 3, 4], (ReadOnlySpan<int>)[0, 1]))).Message;
        Assert.Contains("takes batches of 'input' (3 floats per sample) and 'target' (2 floats per sample)", message, StringComparison.Ordinal);
        Assert.Contains("has 'input' (2 floats per sample) and 'label' (1 int per sample)", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Forward(Batch.Of(2, [1f, 2, 3, 4, 5, 6])));
        Assert.Throws<ArgumentNullException>(() => model.Forward(null!));
    }

    [Fact]
    public void An_empty_batch_is_an_error()
    {
        using var model = new LinearModel();
        var batch = new Batch([.. model.Description.Inputs, .. model.Description.Targets], 4);
        Assert.Contains("no samples", Assert.Throws<ArgumentException>(() => model.Forward(batch)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void Ids_out_of_range_are_found_wherever_they_are(int wrong)
    {
        var column = new ColumnDescription("label", ColumnType.Int, [5], Bound: 10);
        var ids = new int[100];
        BatchCheck.CheckIds(LinearModel.Describe(), column, ids);
        for (var at = 0; at < ids.Length; at++)
        {
            Array.Fill(ids, 9);
            ids[at] = wrong;
            var message = Assert.Throws<ArgumentException>(() => BatchCheck.CheckIds(LinearModel.Describe(), column, ids)).Message;
            Assert.Contains($"from 0 to 9; sample {at / 5}, position {at % 5} has {wrong}", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(-100)]
    [InlineData(255)]
    [InlineData(3)]
    public void A_label_that_is_ignored_may_be_anywhere(int ignored)
    {
        var column = new ColumnDescription("label", ColumnType.Int, [], Bound: 10) { Ignored = ignored };
        var ids = new int[100];
        for (var at = 0; at < ids.Length; at++)
        {
            Array.Fill(ids, ignored);
            BatchCheck.CheckIds(LinearModel.Describe(), column, ids);
            ids[at] = -1;
            var message = Assert.Throws<ArgumentException>(() => BatchCheck.CheckIds(LinearModel.Describe(), column, ids)).Message;
            Assert.Contains($"from 0 to 9, and {ignored} for none; sample {at} has -1", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void NaN_inputs_give_NaN_and_no_crash()
    {
        using var model = new LinearModel();
        var batch = Batch.Of(1, [float.NaN, 1, 1], [0f, 0f]);
        model.Forward(batch);
        Assert.True(float.IsNaN(model.LastLoss));
    }
}
