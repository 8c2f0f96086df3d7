using System.Text.Json;

namespace ModelDsl.Runtime.Tests.Data.Images;

/// <summary>What Pillow, PyTorch and NumPy make of pictures: tests/vectors/pictures.py.</summary>
internal static class PictureVectors
{
    private static readonly JsonElement Root =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "pictures.json"))).RootElement;

    public static IEnumerable<JsonElement> Of(string part) => Root.GetProperty(part).EnumerateArray();

    public static int[] Ints(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];

    public static byte[] Bytes(this JsonElement element, string name) => element.GetProperty(name).GetBytesFromBase64();

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    /// <summary>A file that Pillow wrote, and its picture.</summary>
    public static (byte[] File, ModelDsl.Images.Image Picture) FileOf(string name)
    {
        var element = Of("files").Single(file => file.Text("name") == name);
        var picture = new ModelDsl.Images.Image(
            element.GetProperty("width").GetInt32(), element.GetProperty("height").GetInt32(), element.GetProperty("channels").GetInt32());
        element.Bytes("pixels").CopyTo(picture.Pixels);
        return (element.Bytes("file"), picture);
    }
}
