using System.Globalization;
using ModelDsl.Images;

namespace Transfer;

/// <summary>Shows photos that were taken for the other kind.</summary>
internal static class MistakeSheet
{
    private const int Side = 160;
    private const int Columns = 6;
    private const int Most = 60;

    /// <summary>Writes a picture of the photos, the surest mistakes first, and lists them.</summary>
    public static void Write(string path, Photos photos, IReadOnlyList<Mistake> mistakes)
    {
        if (mistakes.Count == 0)
            return;
        Mistake[] shown = [.. mistakes.OrderByDescending(mistake => mistake.Probability).Take(Most)];
        var input = new ImageInput(Side, Side) { Fit = Photos.Input.Fit };
        float[] pixels = [.. shown.SelectMany(mistake => input.Read(photos.Folder.Files[mistake.File].Path))];
        ImageSheet.Of(pixels, Side, Side, channels: 3, Columns).SavePng(path);
        foreach (var mistake in shown)
        {
            var taken = photos.ClassNames[1 - photos.Folder.Files[mistake.File].Label];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{photos.NameOf(mistake.File)}: taken for {taken} ({mistake.Probability:P0})"));
        }

        Console.WriteLine(path);
    }
}
