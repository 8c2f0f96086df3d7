using ModelDsl.Benchmarks.Gpu.Session;

namespace ModelDsl.Ilgpu.Tests.GpuSession;

/// <summary>The parts of a session.</summary>
public sealed class SessionPlanTests
{
    [Fact]
    public void Every_model_of_the_list_is_checked_before_anything_is_measured()
    {
        var names = Parts(isQuick: false).Select(static part => part.Name).ToList();
        Assert.Equal(CheckNames.All.Select(static name => $"check of {name}"), names.Skip(2).Take(CheckNames.All.Count));
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
    public void What_the_targets_are_about_is_measured()
    {
        var parts = Parts(isQuick: false).ToDictionary(static part => part.Name, static part => string.Join(' ', part.Arguments));
        foreach (var (model, batch) in (IEnumerable<(string, string)>)[("mlp", "128"), ("cnn", "128"), ("resnet18", "128"), ("gpt", "16")])
        {
            Assert.Contains($" {batch}", parts[$"steps of {model}"], StringComparison.Ordinal);
            Assert.Contains("--variants eager graph", parts[$"steps of {model}, PyTorch"], StringComparison.Ordinal);
            Assert.EndsWith($"--variants compile-graph --batch {batch}", parts[$"steps of {model}, torch.compile"], StringComparison.Ordinal);
            Assert.EndsWith($"--batch {batch}", parts[$"launches of {model}"], StringComparison.Ordinal);
        }

        Assert.EndsWith("--rows 4096", parts["product"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_rehearsal_has_smaller_batches_on_the_same_commands()
    {
        var rehearsal = Parts(isQuick: true);
        Assert.DoesNotContain(rehearsal, static part => part.Arguments.Contains("128"));
        Assert.Equal(Parts(isQuick: false).Select(static part => part.Name.Split(' ')[0]).Distinct(), rehearsal.Select(static part => part.Name.Split(' ')[0]).Distinct());
    }

    private static List<SessionPart> Parts(bool isQuick) => [.. new SessionPlan("cuda", isQuick, "python3", "peer").Parts("program", ["prefix"])];
}
