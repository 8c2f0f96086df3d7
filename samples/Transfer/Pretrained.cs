using ModelDsl;

namespace Transfer;

/// <summary>The weights of the ONNX files, which the build has written beside the program.</summary>
internal static class Pretrained
{
    /// <summary>The paths of the files.</summary>
    public static IReadOnlyList<string> Files { get; } = [Beside("ResNetPreprocess.safetensors"), Beside("ResNet18.safetensors")];

    /// <summary>Loads the weights into the parts of a model. Its last layer is not in the files, and keeps its values.</summary>
    public static void Load(Model model)
    {
        foreach (var (path, part) in Files.Zip(["preprocess.", "trunk."]))
            model.Load(path, new LoadOptions { FilePrefix = "net.", Prefix = part, AllowMissing = true });
    }

    /// <summary>Copies the last layer of a model that was trained on features into a model that reads photos.</summary>
    public static void LoadHead(Model model, HeadNet head)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            head.Save(path);
            model.Load(path, new LoadOptions { AllowMissing = true });
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
