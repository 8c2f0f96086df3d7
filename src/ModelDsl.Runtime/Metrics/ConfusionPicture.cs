using System.Globalization;
using ModelDsl.Images;
using ModelDsl.Images.Drawing;

namespace ModelDsl;

/// <summary>Draws a confusion matrix: a square per pair of classes, which is darker for a greater fraction of the true class.</summary>
internal static class ConfusionPicture
{
    private const int Margin = 8;
    private const int Space = 6;
    private const int SmallestCell = 18;

    // With more classes the squares are small and have no numbers, to limit the size of the image.
    private const int MostCellsWithNumbers = 40;

    private static ReadOnlySpan<byte> Ink => [30, 30, 30];

    private static ReadOnlySpan<byte> Paper => [255, 255, 255];

    public static Image Draw(ConfusionMatrix matrix)
    {
        var classes = matrix.Classes;
        string[] names = [.. Enumerable.Range(0, classes).Select(matrix.NameOf)];
        var numbers = classes <= MostCellsWithNumbers;
        var widest = numbers ? Enumerable.Range(0, classes * classes).Max(i => PixelFont.Measure(Text(matrix[i / classes, i % classes]))) : 0;
        var cell = numbers ? Math.Max(SmallestCell, widest + (2 * Space)) : PixelFont.Height + 1;
        var nameSpace = names.Max(PixelFont.Measure);
        // The label of the axis and the names are above and left of the squares.
        var start = Margin + PixelFont.Height + Space + nameSpace + Space;
        var image = new Image(start + (classes * cell) + Margin, start + (classes * cell) + Margin, 3);
        image.Pixels.Fill(255);

        PixelFont.Write(image, "predicted", start, Margin, Ink);
        PixelFont.Write(image, "actual", Margin, start + PixelFont.Measure("actual"), Ink, upright: true);
        for (var i = 0; i < classes; i++)
        {
            var middle = start + (i * cell) + (cell / 2) - (PixelFont.Height / 2);
            PixelFont.Write(image, names[i], start - Space - PixelFont.Measure(names[i]), middle, Ink);
            PixelFont.Write(image, names[i], middle, start - Space, Ink, upright: true);
            for (var j = 0; j < classes; j++)
                Square(image, matrix, i, j, start, cell, numbers);
        }

        return image;
    }

    private static void Square(Image image, ConfusionMatrix matrix, int actual, int predicted, int start, int cell, bool numbers)
    {
        var support = matrix.Support(actual);
        var share = support == 0 ? 0 : (double)matrix[actual, predicted] / support;
        // Correct decisions are blue, wrong ones are red.
        ReadOnlySpan<byte> full = actual == predicted ? [8, 69, 148] : [180, 20, 30];
        Span<byte> color = [Mix(full[0], share), Mix(full[1], share), Mix(full[2], share)];
        var (left, top) = (start + (predicted * cell), start + (actual * cell));
        for (var y = top; y < top + cell - 1; y++)
        {
            for (var x = left; x < left + cell - 1; x++)
                color.CopyTo(image[x, y]);
        }

        if (!numbers)
            return;
        var text = Text(matrix[actual, predicted]);
        PixelFont.Write(image, text, left + ((cell - PixelFont.Measure(text)) / 2), top + ((cell - PixelFont.Height) / 2), share > 0.5 ? Paper : Ink);
    }

    private static byte Mix(byte full, double share) => (byte)(240 + ((full - 240) * share) + 0.5);

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}
