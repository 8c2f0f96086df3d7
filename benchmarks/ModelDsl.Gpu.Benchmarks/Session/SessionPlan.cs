using System.Globalization;

namespace ModelDsl.Benchmarks.Gpu.Session;

/// <summary>What a session consists of.</summary>
/// <param name="Device">The kind of the device.</param>
/// <param name="IsQuick">Whether batches are small and measurements short, to rehearse on a CPU.</param>
/// <param name="Python">The Python program that has PyTorch.</param>
/// <param name="PeerFolder">The folder of the programs for PyTorch.</param>
internal sealed record SessionPlan(string Device, bool IsQuick, string Python, string PeerFolder)
{
    /// <summary>The models whose steps are measured, with the sizes of their batches.</summary>
    private static readonly (string Model, int[] Batches)[] Steps = [("mlp", [16, 128, 256]), ("cnn", [16, 128]), ("resnet18", [16, 128]), ("gpt", [16])];

    /// <summary>The smaller ones of a rehearsal. ResNet-18 is left out: a CPU takes minutes to compile its kernels.</summary>
    private static readonly (string Model, int[] Batches)[] QuickSteps = [("mlp", [16, 32]), ("cnn", [16]), ("gpt", [2])];

    /// <summary>A process that only starts, prints and ends takes this long at most.</summary>
    private const int Short = 30;

    /// <summary>Loading kernels is the longest part of most processes: the driver compiles them at the first start.</summary>
    private const int Usual = 60;

    /// <summary><c>torch.compile</c> takes long.</summary>
    private const int Long = 100;

    private const int ProductSize = 4096;

    private string Seconds => IsQuick ? "0.3" : "1";

    private (string Model, int[] Batches)[] Models => IsQuick ? QuickSteps : Steps;

    /// <summary>On a CPU the driver takes minutes to compile kernels that it has not seen.</summary>
    private int Scale => IsQuick ? 5 : 1;

    /// <summary>Returns the parts in their order: first what nothing else can tell, last what takes longest.</summary>
    /// <param name="program">This program.</param>
    /// <param name="prefix">The first arguments of this program.</param>
    public IEnumerable<SessionPart> Parts(string program, IReadOnlyList<string> prefix)
    {
        yield return new("nvidia-smi", TimeSpan.FromSeconds(Short), "nvidia-smi", []);
        yield return Own("about", Short, "about", "--device", Device);
        foreach (var name in CheckNames.All.Where(name => !IsQuick || name != "resnet18"))
            yield return Own($"check of {name}", Usual, "check", "--device", Device, "--model", name);
        foreach (var (model, batches) in Models)
            yield return Own($"steps of {model}", Usual, ["step", "--device", Device, "--model", model, "--seconds", Seconds, "--batch", .. Texts(batches)]);
        yield return Own("product", Usual, "product", "--device", Device, "--rows", IsQuick ? "64" : Text(ProductSize));
        yield return Peer("product, PyTorch", Usual, "--product", "--batch", IsQuick ? "64" : Text(ProductSize));
        foreach (var (model, batches) in Models)
            yield return Peer($"steps of {model}, PyTorch", Usual, ["--model", model, "--variants", "eager", "graph", "--batch", .. Texts(batches)]);
        foreach (var (model, batches) in Models)
            yield return Own($"launches of {model}", Usual, "launches", "--device", Device, "--model", model, "--batch", Text(Largest(model, batches)));
        foreach (var (model, batches) in Models)
            yield return Peer($"steps of {model}, torch.compile", Long, "--model", model, "--variants", "compile-graph", "--batch", Text(Largest(model, batches)));

        SessionPart Own(string name, int limit, params IReadOnlyList<string> arguments) => new(name, TimeSpan.FromSeconds(limit * Scale), program, [.. prefix, .. arguments]);

        SessionPart Peer(string name, int limit, params IReadOnlyList<string> arguments) => new(
            name, TimeSpan.FromSeconds(limit), Python, [Path.Combine(PeerFolder, "gpu_peer.py"), "--device", Device == "cuda" ? "cuda" : "cpu", "--seconds", Seconds, .. arguments]);
    }

    /// <summary>The targets are about batches of 128.</summary>
    private static int Largest(string model, int[] batches) => model == "mlp" && batches.Contains(128) ? 128 : batches[^1];

    private static IEnumerable<string> Texts(int[] numbers) => numbers.Select(Text);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
