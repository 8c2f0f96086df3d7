using ModelDsl.Compiled;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Metrics;

public sealed class MetricTests
{
    private const double Tolerance = 1e-12;

    // Worked by hand: rows are (0.1, 0.7, 0.2), (2, 1, 0), (0, 0, 5), (1, 3, 2).
    private static readonly float[] HandLogits = [0.1f, 0.7f, 0.2f, 2, 1, 0, 0, 0, 5, 1, 3, 2];
    private static readonly int[] HandLabels = [1, 1, 2, 2];

    [Fact]
    public void Accuracy_by_hand_is_two_of_four() => Assert.Equal(0.5, Classes(new Accuracy(), HandLogits, HandLabels, 3));

    [Fact]
    public void What_is_ignored_or_padding_does_not_count()
    {
        var accuracy = new Accuracy();
        accuracy.Update(new MetricBatch { Count = 4, Outputs = HandLogits, Width = 3, Labels = HandLabels, Kind = LossKind.Classes, Ignored = 1 });
        Assert.Equal(0.5, accuracy.Result);
        accuracy.Reset();
        accuracy.Update(new MetricBatch { Count = 4, Outputs = HandLogits, Width = 3, Labels = HandLabels, Kind = LossKind.Classes, Tokens = [4, 0, 4, 0], Padding = 0 });
        Assert.Equal(1, accuracy.Result);
    }

    [Fact]
    public void Top_two_accuracy_by_hand_is_four_of_four() => Assert.Equal(1, Classes(new Accuracy { TopK = 2 }, HandLogits, HandLabels, 3));

    [Fact]
    public void Confusion_by_hand()
    {
        var matrix = new ConfusionMatrix();
        Classes(matrix, HandLogits, HandLabels, 3);

        Assert.Equal([0, 0, 0, 1, 1, 0, 0, 1, 1], Cells(matrix));
        Assert.Equal([0, 2, 2], new[] { 0, 1, 2 }.Select(matrix.Support));
        Assert.Equal([0, 0.5, 1], new[] { 0, 1, 2 }.Select(matrix.Precision));
        Assert.Equal([0, 0.5, 0.5], new[] { 0, 1, 2 }.Select(matrix.Recall));
        Assert.Equal([0, 0.5, 2 / 3.0], new[] { 0, 1, 2 }.Select(matrix.F1));
        Assert.Equal(0.5, matrix.Precision(Average.Micro));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(7)]
    [InlineData(1)]
    public void Class_metrics_equal_the_reference_however_the_data_is_batched(int batch)
    {
        Same(MetricVectors.Accuracy, new Accuracy());
        Same(MetricVectors.Top2, new Accuracy { TopK = 2 });
        Same(MetricVectors.Top3, new Accuracy { TopK = 3 });
        Same(1, new Accuracy { TopK = 5 });
        Same(MetricVectors.MacroPrecision, new Precision());
        Same(MetricVectors.MacroRecall, new Recall());
        Same(MetricVectors.MacroF1, new F1Score());
        Same(MetricVectors.WeightedPrecision, new Precision { Average = Average.Weighted });
        Same(MetricVectors.WeightedRecall, new Recall { Average = Average.Weighted });
        Same(MetricVectors.WeightedF1, new F1Score { Average = Average.Weighted });
        Same(MetricVectors.Accuracy, new F1Score { Average = Average.Micro });
        Same(MetricVectors.F1[2], new F1Score { Class = 2 });
        Same(MetricVectors.ClassTwoArea, new RocAuc { PositiveClass = 2 });

        void Same(double expected, Metric metric) =>
            Assert.Equal(expected, Classes(metric, MetricVectors.Logits, MetricVectors.Labels, MetricVectors.Classes, batch), Tolerance);
    }

    [Fact]
    public void The_confusion_matrix_equals_the_reference()
    {
        var matrix = new ConfusionMatrix();
        Classes(matrix, MetricVectors.Logits, MetricVectors.Labels, MetricVectors.Classes);

        Assert.Equal(MetricVectors.Matrix, Cells(matrix));
        for (var i = 0; i < MetricVectors.Classes; i++)
        {
            Assert.Equal(MetricVectors.Precision[i], matrix.Precision(i), Tolerance);
            Assert.Equal(MetricVectors.Recall[i], matrix.Recall(i), Tolerance);
            Assert.Equal(MetricVectors.F1[i], matrix.F1(i), Tolerance);
        }
    }

    [Fact]
    public void Binary_metrics_equal_the_reference_for_targets_and_for_labels()
    {
        float[] targets = [.. MetricVectors.Truth.Select(truth => (float)truth)];
        Assert.Equal(MetricVectors.BinaryAccuracy, Floats(new Accuracy(), MetricVectors.Scores, targets, 1, LossKind.Binary), Tolerance);
        Assert.Equal(MetricVectors.BinaryAccuracy, Classes(new Accuracy(), MetricVectors.Scores, MetricVectors.Truth, 1), Tolerance);
        Assert.Equal(MetricVectors.BinaryArea, Floats(new RocAuc(), MetricVectors.Scores, targets, 1, LossKind.Binary), Tolerance);
    }

    [Fact]
    public void Several_binary_outputs_per_sample_are_decisions_of_their_own() =>
        Assert.Equal(0.75, Floats(new Accuracy(), [-1, 1, 1, -1], [0, 1, 1, 1], 2, LossKind.Binary));

    [Fact]
    public void Soft_targets_are_compared_by_their_greatest_class() =>
        Assert.Equal(0.5, Floats(new Accuracy(), [1, 2, 3, 0], [0.4f, 0.6f, 0.1f, 0.9f], 2, LossKind.SoftClasses));

    [Fact]
    public void A_threshold_moves_the_binary_decision() =>
        Assert.Equal(1, Floats(new Accuracy { Threshold = 0.5f }, [0.4f, 0.6f], [0, 1], 1, LossKind.Binary));

    [Theory]
    [InlineData(33)]
    [InlineData(8)]
    [InlineData(1)]
    public void Regression_metrics_equal_the_reference_however_the_data_is_batched(int batch)
    {
        Same(MetricVectors.MeanAbsoluteError, new MeanAbsoluteError());
        Same(MetricVectors.RootMeanSquaredError, new RootMeanSquaredError());
        Same(MetricVectors.R2, new R2());

        void Same(double expected, Metric metric) =>
            Assert.Equal(expected, Floats(metric, MetricVectors.Outputs, MetricVectors.Targets, 3, LossKind.Regression, batch), 1e-9);
    }

    [Fact]
    public void R2_by_hand()
    {
        // Mean 2, spread 2, residuals 0.25 · 2.
        Assert.Equal(0.75, Floats(new R2(), [1.5f, 2, 2.5f], [1, 2, 3], 1, LossKind.Regression), Tolerance);
        Assert.Equal(1, Floats(new R2(), [4, 4], [4, 4], 1, LossKind.Regression));
        Assert.Equal(0, Floats(new R2(), [4, 5], [4, 4], 1, LossKind.Regression));
    }

    [Fact]
    public void Perplexity_is_e_to_the_mean_loss_weighed_by_samples()
    {
        var metric = new Perplexity();
        metric.Update(new MetricBatch { Count = 3, Outputs = [], Width = 1, Loss = 1 });
        metric.Update(new MetricBatch { Count = 1, Outputs = [], Width = 1, Loss = 3 });

        Assert.Equal(Math.Exp(1.5), metric.Result, Tolerance);
    }

    [Fact]
    public void Area_by_hand_counts_ties_half()
    {
        // Positives 2 and 1 against negatives 1 and 0: 1 + 1 + 0.5 + 1 of 4 pairs.
        Assert.Equal(0.875, Classes(new RocAuc(), [2, 1, 1, 0], [1, 1, 0, 0], 1), Tolerance);
        Assert.Equal(double.NaN, Classes(new RocAuc(), [2, 1], [1, 1], 1));
    }

    [Fact]
    public void Negative_labels_do_not_count() => Assert.Equal(1, Classes(new Accuracy(), [1, 0, 1, 0], [0, -100], 2));

    [Fact]
    public void NaN_outputs_are_no_right_answers()
    {
        Assert.Equal(0, Classes(new Accuracy(), [float.NaN, float.NaN], [1], 2));
        Assert.Equal(0, Classes(new Accuracy { TopK = 2 }, [float.NaN, float.NaN, float.NaN], [0], 3));
        Assert.Equal(double.NaN, Classes(new RocAuc(), [float.NaN, 1], [1, 0], 1));
    }

    [Theory]
    [MemberData(nameof(AllMetrics))]
    public void Reset_forgets_everything(Metric metric)
    {
        Assert.Equal(double.NaN, metric.Result);
        Feed(metric, [3f, 0, 1, 0], [0f, 1, 0, 1]);
        metric.Reset();
        Assert.Equal(double.NaN, metric.Result);
        Feed(metric, [0f, 1, 2, 1], [1f, 0, 0, 1]);
        var afterReset = metric.Result;
        metric.Reset();
        Feed(metric, [0f, 1, 2, 1], [1f, 0, 0, 1]);

        Assert.Equal(afterReset, metric.Result);
    }

    public static TheoryData<Metric> AllMetrics() => [.. EveryMetric()];

    private static Metric[] EveryMetric() =>
        [new Accuracy(), new MeanAbsoluteError(), new RootMeanSquaredError(), new R2(), new Perplexity(), new Precision(), new Recall(), new F1Score(), new ConfusionMatrix(), new RocAuc()];

    [Fact]
    public void Outputs_and_truth_that_do_not_match_are_named()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Classes(new Accuracy(), [1, 2, 3, 4], [0, 1, 2], 2, batch: 3));

        Assert.Contains("'accuracy' cannot compare 4 output values (rows of 2) with 3 labels", exception.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Classes(new MeanAbsoluteError(), [1, 2], [0, 1], 1));
        Assert.Throws<InvalidOperationException>(() => Classes(new ConfusionMatrix(), [1, 2], [2], 2));
        Assert.Throws<InvalidOperationException>(() => Classes(new RocAuc { PositiveClass = 2 }, [1, 2], [1], 2));
    }

    [Fact]
    public void The_matrix_is_printed_with_columns_that_line_up()
    {
        var matrix = new ConfusionMatrix("cat", "dog", "elephant");
        Classes(matrix, HandLogits, HandLabels, 3);

        Assert.Equal(
            """
            actual \ predicted  cat  dog  elephant
                           cat    0    0         0
                           dog    1    1         0
                      elephant    0    1         1
            """.ReplaceLineEndings("\n"), matrix.ToString());
        Assert.Equal(
            """
            class             precision     recall         f1    support
                         cat     0.0000     0.0000     0.0000          0
                         dog     0.5000     0.5000     0.5000          2
                    elephant     1.0000     0.5000     0.6667          2
            macro average        0.5000     0.3333     0.3889          4
            weighted average     0.7500     0.5000     0.5833          4
            accuracy                                   0.5000          4
            """.ReplaceLineEndings("\n"), matrix.Report());
    }

    [Fact]
    public void Updates_allocate_nothing()
    {
        var metrics = EveryMetric().Where(metric => metric is not RocAuc).ToArray();
        float[] outputs = [3, 0, 1, 0], targets = [0, 1, 0, 1];
        Assert.Equal(0, Allocation.Least(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                foreach (var metric in metrics)
                    Feed(metric, outputs, targets);
            }
        }));
    }

    private static void Feed(Metric metric, float[] outputs, float[] targets) =>
        metric.Update(new MetricBatch { Count = outputs.Length, Outputs = outputs, Width = 1, Targets = targets, Kind = LossKind.Binary, Loss = 1 });

    private static double Classes(Metric metric, float[] logits, int[] labels, int width, int batch = int.MaxValue)
    {
        var rows = logits.Length / width;
        metric.Reset();
        for (var start = 0; start < labels.Length; start += Math.Min(batch, labels.Length))
        {
            var count = Math.Min(batch, labels.Length - start);
            metric.Update(new MetricBatch
            {
                Count = count,
                Outputs = batch >= rows ? logits : logits.AsSpan(start * width, count * width),
                Width = width,
                Labels = labels.AsSpan(start, count),
                Kind = width == 1 ? LossKind.Binary : LossKind.Classes,
            });
        }

        return metric.Result;
    }

    private static double Floats(Metric metric, float[] outputs, float[] targets, int width, LossKind kind, int batch = int.MaxValue)
    {
        var samples = outputs.Length / width;
        metric.Reset();
        for (var start = 0; start < samples; start += Math.Min(batch, samples))
        {
            var count = Math.Min(batch, samples - start);
            metric.Update(new MetricBatch
            {
                Count = count,
                Outputs = outputs.AsSpan(start * width, count * width),
                Width = width,
                Targets = targets.AsSpan(start * width, count * width),
                Kind = kind,
            });
        }

        return metric.Result;
    }

    private static IEnumerable<long> Cells(ConfusionMatrix matrix) =>
        from actual in Enumerable.Range(0, matrix.Classes)
        from predicted in Enumerable.Range(0, matrix.Classes)
        select matrix[actual, predicted];
}
