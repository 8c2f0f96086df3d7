using System.Reflection;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;
using ModelDsl.Runs;

namespace ModelDsl.Distributed;

/// <summary>Checks that all ranks train the same model in the same way.</summary>
internal static class Handshake
{
    /// <summary>The maximum number of differences that a message lists.</summary>
    private const int Listed = 12;

    /// <summary>Compares the settings of all ranks.</summary>
    /// <param name="group">The group.</param>
    /// <param name="settings">The settings of this rank.</param>
    /// <exception cref="CollectiveException">A rank has other settings; the exception is thrown on all ranks, and the message has both values.</exception>
    public static void Check(Collective group, IEnumerable<RunSetting> settings)
    {
        if (group.Count == 1)
            return;
        RunSetting[] own = [.. OfProgram(), .. settings];
        var text = string.Join('\n', own.Select(static setting => $"{setting.Name}\t{setting.Value.Replace('\n', ' ')}"));
        var all = Array.ConvertAll(group.Gather(CollectiveCall.Begin, Encoding.UTF8.GetBytes(text)), Read);
        var differences = Enumerable.Range(1, all.Length - 1).SelectMany(rank => Differences(all[0], all[rank], rank)).ToList();
        if (differences.Count == 0)
            return;
        var more = differences.Count > Listed ? $"\n  and {differences.Count - Listed} more" : "";
        throw new CollectiveException(
            $"The ranks of the group have different settings:{string.Concat(differences.Take(Listed).Select(static difference => $"\n  {difference}"))}{more}\n"
            + "What to do: start the same program with the same options and data on all ranks.");
    }

    private static IEnumerable<RunSetting> OfProgram()
    {
        var program = Assembly.GetEntryAssembly();
        yield return RunSetting.Of("the version of ModelDsl", $"{typeof(Model).Assembly.GetName().Version} ({typeof(Model).Module.ModuleVersionId})");
        yield return RunSetting.Of("the program", $"{program?.GetName().Name} ({program?.ManifestModule.ModuleVersionId})");

        // Processors without them round differently.
        yield return RunSetting.Of("fused multiply-adds", Fma.IsSupported || AdvSimd.IsSupported ? "supported" : "not supported");
    }

    private static Dictionary<string, string> Read(byte[] bytes) =>
        Encoding.UTF8.GetString(bytes).Split('\n').Select(static line => line.Split('\t', 2)).ToDictionary(static parts => parts[0], static parts => parts[1]);

    private static IEnumerable<string> Differences(Dictionary<string, string> root, Dictionary<string, string> other, int rank)
    {
        foreach (var (name, value) in root)
        {
            if (!other.TryGetValue(name, out var theirs))
                yield return $"{name} is {value} on rank 0, and does not exist on rank {rank}";
            else if (theirs != value)
                yield return $"{name} is {value} on rank 0, but {theirs} on rank {rank}";
        }

        foreach (var (name, value) in other)
        {
            if (!root.ContainsKey(name))
                yield return $"{name} is {value} on rank {rank}, and does not exist on rank 0";
        }
    }
}
