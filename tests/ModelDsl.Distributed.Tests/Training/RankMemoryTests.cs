using System.Globalization;
using System.Text.RegularExpressions;
using ModelDsl.Distributed.Tests.Support;
using ModelDsl.Runtime.Tests.Runs;

namespace ModelDsl.Distributed.Tests.Training;

/// <summary>The memory of the rank that uses most is in the result of each epoch. A job of several processes has a test of its own.</summary>
public sealed partial class RankMemoryTests
{
    [Fact]
    public void Each_epoch_of_a_group_has_the_same_memory_on_all_ranks_and_prints_it()
    {
        var memory = new long?[2][];
        var lines = "";
        ThreadCollective.Run(2, group =>
        {
            using var text = new StringWriter();
            memory[group.Rank] = [.. Fit(group, TrainingView.Plain(text)).Epochs.Select(static epoch => epoch.RankMemory)];
            if (group.IsRoot)
                lines = text.ToString();
        });
        Assert.Equal(memory[0], memory[1]);
        Assert.Equal(2, memory[0].Length);

        // The ranks are threads of this process, whose memory the system tells in pages.
        Assert.All(memory[0], static bytes => Assert.InRange(bytes!.Value, 10_000_000, 1L << 40));
        Assert.Equal(
            memory[0].Select(static bytes => (bytes!.Value / 1e6).ToString("0", CultureInfo.InvariantCulture)),
            Printed().Matches(lines).Select(static match => match.Groups[1].Value.Replace(",", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Without_a_group_there_is_none() => Assert.All(Fit(group: null, TrainingView.None).Epochs, static epoch => Assert.Null(epoch.RankMemory));

    private static TrainingHistory Fit(Collective? group, ITrainingView view)
    {
        using var model = new ResumedNet(seed: 4);
        return new Trainer(new Sgd(0.1)) { Group = group, Epochs = 2, View = view }.Fit(model, Samples.Pictures(70));
    }

    [GeneratedRegex("up to ([0-9,]+) MB per rank", RegexOptions.CultureInvariant)]
    private static partial Regex Printed();
}
