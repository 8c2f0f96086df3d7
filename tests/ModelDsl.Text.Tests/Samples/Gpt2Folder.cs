using System.Text.Json.Nodes;
using CharGpt.Pretrained;
using ModelDsl.Runtime.Tests.Data;

namespace ModelDsl.Text.Tests.Samples;

/// <summary>A copy of tests/vectors/gpt2, which a test can change.</summary>
internal sealed class Gpt2Folder : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public Gpt2Folder()
    {
        foreach (var path in Directory.GetFiles(System.IO.Path.Combine(AppContext.BaseDirectory, "vectors", "gpt2")))
            File.Copy(path, PathOf(System.IO.Path.GetFileName(path)));
    }

    public string Path => folder.Path;

    public string PathOf(string name) => System.IO.Path.Combine(folder.Path, name);

    public PretrainedGpt2 Load(Gpt2Shape? shape = null) => PretrainedGpt2.Load(Path, [shape ?? TinyGpt2.Shape]);

    /// <summary>Changes a value of a JSON file; null removes it.</summary>
    public void Set(string name, string property, JsonNode? value)
    {
        var root = JsonNode.Parse(File.ReadAllText(PathOf(name)))!.AsObject();
        if (value is null)
            root.Remove(property);
        else
            root[property] = value;
        File.WriteAllText(PathOf(name), root.ToJsonString());
    }

    /// <summary>Saves the weights again, changed by rules.</summary>
    public void ChangeWeights(params TensorRule[] rules)
    {
        using var gpt2 = Load();
        gpt2.Model.Save(PathOf(Gpt2Files.Weights), [.. TensorRule.Inverse(HuggingFaceRules.Gpt2(tokens: "wte")), .. rules]);
    }

    /// <summary>The message of the error that loading is.</summary>
    public string Refused<T>(Gpt2Shape? shape = null)
        where T : Exception => Assert.Throws<T>(() => Load(shape)).Message;

    public void Dispose() => folder.Dispose();
}
