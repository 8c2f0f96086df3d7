namespace ModelDsl.Benchmarks.Gpu.Session;

/// <summary>The names of the models that are compared with stored values.</summary>
internal static class CheckNames
{
    public static IReadOnlyList<string> All { get; } = ["mlp", "cnn", "resnet18", "separable", "text", "recurrent", "attention", "gpt", "gan", "vae", "tf32"];
}
