using ModelDsl.Compiled;
using ModelDsl.Images;
using ModelDsl.Images.Drawing;

namespace ModelDsl.Runtime.Tests.Data.Images;

public sealed class SheetTests
{
    [Fact]
    public void Pictures_of_a_batch_lie_row_by_row_on_white()
    {
        var batch = new Batch([new ColumnDescription("input", ColumnType.Float, [2, 3, 3])], 5) { Count = 3 };
        for (var i = 0; i < 54; i++)
            batch.Floats(0)[i] = i / 60f;
        var sheet = ImageSheet.Of(batch, columns: 2);

        Assert.Equal((2 + (2 * 5), 2 + (2 * 4), 3), (sheet.Width, sheet.Height, sheet.Channels));
        Assert.Equal([0, 4, 9], sheet[2, 2].ToArray());
        // The second picture begins with value 18, the third with value 36.
        Assert.Equal((byte)Math.Round(18 / 60.0 * 255, MidpointRounding.AwayFromZero), sheet[7, 2][0]);
        Assert.Equal((byte)Math.Round(36 / 60.0 * 255, MidpointRounding.AwayFromZero), sheet[2, 6][0]);
        Assert.Equal([255, 255, 255], sheet[1, 1].ToArray());
        Assert.Equal([255, 255, 255], sheet[7, 6].ToArray());
    }

    [Fact]
    public void Grey_pictures_need_no_channels_and_other_data_is_rejected()
    {
        var grey = new Batch([new ColumnDescription("input", ColumnType.Float, [2, 2])], 1) { Count = 1 };
        grey.Floats(0).Fill(7);

        Assert.Equal(255, ImageSheet.Of(grey)[2, 2][0]);
        Assert.Equal(128, ImageSheet.Of(grey, white: 14)[2, 2][0]);
        Assert.Contains("float × 4", Assert.Throws<ArgumentException>(() =>
            ImageSheet.Of(Batch.Of(1, [1f, 2, 3, 4], ReadOnlySpan<float>.Empty))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_a_model_gave_are_drawn_as_a_batch_of_them_is()
    {
        float[] pixels = [.. Enumerable.Range(0, 3 * 2 * 3 * 3).Select(i => i / 60f)];
        var batch = new Batch([new ColumnDescription("input", ColumnType.Float, [2, 3, 3])], 3) { Count = 3 };
        pixels.CopyTo(batch.Floats(0));

        Assert.Equal(ImageSheet.Of(batch, columns: 2, white: 0.5f).Pixels.ToArray(), ImageSheet.Of(pixels, 2, 3, 3, columns: 2, white: 0.5f).Pixels.ToArray());
        Assert.Contains("53 values are no pictures of 2 × 3 × 3", Assert.Throws<ArgumentException>(() => ImageSheet.Of(pixels.AsSpan(1), 2, 3, 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ImageSheet.Of(ReadOnlySpan<float>.Empty, 2, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageSheet.Of(pixels, 9, 3, channels: 2));
    }

    [Fact]
    public void A_confusion_matrix_is_drawn_with_its_shares_as_colours()
    {
        var matrix = Matrix(["cat", "dog"], [(0, 0), (0, 0), (0, 1), (1, 1)]);
        var picture = matrix.ToImage();
        var colors = Enumerable.Range(0, picture.Width * picture.Height)
            .Select(i => picture[i % picture.Width, i / picture.Width].ToArray()).Select(pixel => (pixel[0], pixel[1], pixel[2])).ToHashSet();

        // All of class 1, two thirds and one third of class 0, and none.
        Assert.Contains(((byte)8, (byte)69, (byte)148), colors);
        Assert.Contains(((byte)85, (byte)126, (byte)179), colors);
        Assert.Contains(((byte)220, (byte)167, (byte)170), colors);
        Assert.Contains(((byte)240, (byte)240, (byte)240), colors);
        Assert.Equal(picture.Width, picture.Height);
        Assert.Throws<InvalidOperationException>(() => new ConfusionMatrix().ToImage());
    }

    [Fact]
    public void Many_classes_and_long_names_still_give_a_picture()
    {
        var names = Enumerable.Range(0, 100).Select(i => $"class number {i}, ünnamed").ToArray();
        var picture = Matrix(names, [(0, 99), (50, 50)]).ToImage();

        Assert.InRange(picture.Width, 800, 1200);
    }

    [Fact]
    public void Letters_are_drawn_in_rows_and_upright()
    {
        var image = new Image(12, 12, 1);
        PixelFont.Write(image, "l", 1, 2, [9]);
        Assert.Equal(7 + 4, image.Pixels.ToArray().Count(value => value == 9));
        Assert.Equal(9, image[1, 2][0]);
        Assert.Equal(9, image[5, 8][0]);

        var upright = new Image(12, 12, 1);
        PixelFont.Write(upright, "l", 2, 10, [9], upright: true);
        // Turned left: the foot of the letter, at its bottom, is on the right.
        Assert.Equal(9, upright[2, 10][0]);
        Assert.Equal(9, upright[8, 6][0]);
        Assert.Equal(7 + 4, upright.Pixels.ToArray().Count(value => value == 9));
        PixelFont.Write(image, "beyond all edges", -3, 11, [1]);
    }

    private static ConfusionMatrix Matrix(string[] names, (int Actual, int Predicted)[] decisions)
    {
        var matrix = new ConfusionMatrix(names);
        var outputs = new float[decisions.Length * names.Length];
        for (var i = 0; i < decisions.Length; i++)
            outputs[(i * names.Length) + decisions[i].Predicted] = 1;
        var labels = decisions.Select(decision => decision.Actual).ToArray();
        matrix.Update(new MetricBatch { Count = labels.Length, Outputs = outputs, Width = names.Length, Labels = labels, Kind = LossKind.Classes });
        return matrix;
    }
}
