using System.Diagnostics;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Files;

/// <summary>
/// Damaged files of every kind: what is read is a result or one of the documented exceptions, which names the file; soon, and without more memory than the file can
/// justify. More of them with MODELDSL_TEST_SCALE.
/// </summary>
public class MutationTests
{
    private const int MutantsPerKind = 200;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public static TheoryData<string> Kinds => [.. FileKind.All.Where(static kind => kind.Samples.Length > 0).Select(static kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Whole_files_are_read(string name)
    {
        var kind = KindOf(name);
        using var folder = new TemporaryFolder();
        foreach (var sample in kind.Samples)
        {
            try
            {
                kind.Read(folder.Write(name, name.EndsWith(".gz", StringComparison.Ordinal) ? kind.Finish!(sample) : sample));
            }
            catch (Exception exception) when (!kind.NamesFile || name == "table.csv")
            {
                // A vocabulary has no character twice, and a table one delimiter: the text and the second table are there for what lies before that.
                Assert.Contains(exception.GetType(), kind.Documented);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Damaged_files_give_results_or_documented_errors_in_bounded_time_and_memory(string name)
    {
        var kind = KindOf(name);
        using var folder = new TemporaryFolder();

        // What is allocated once is no file's.
        for (var seed = 0; seed < kind.Samples.Length * 2; seed++)
            _ = Record.Exception(() => kind.Read(folder.Write(name, Mutant(kind, seed, out _))));
        var count = TestScale.Of("damaged files of each kind", MutantsPerKind);
        for (var seed = 0; seed < count; seed++)
            Check(kind, folder, seed);
    }

    private static void Check(FileKind kind, TemporaryFolder folder, int seed)
    {
        var mutant = Mutant(kind, seed, out var damage);
        var path = folder.Write(kind.Name, mutant);
        string Which() => $"{kind.Name}, seed {seed} ({damage}; {mutant.Length} bytes)";

        var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        var exception = Record.Exception(() => kind.Read(path));
        var (allocated, took) = (GC.GetAllocatedBytesForCurrentThread() - before, Stopwatch.GetElapsedTime(start));

        if (exception is not null and not IOException)
            Assert.True(kind.Documented.Contains(exception.GetType()), $"{Which()}: {exception}");
        if (exception is not null && kind.NamesFile)
            Assert.True(exception.Message.Contains(path, StringComparison.Ordinal), $"{Which()}: the message does not name the file: {exception.Message}");
        Assert.True(allocated <= kind.Allocation(mutant.Length), $"{Which()}: {allocated:N0} bytes were allocated; {kind.Allocation(mutant.Length):N0} are allowed.");
        Assert.True(took < Soon, $"{Which()}: took {took}.");
    }

    /// <summary>A damaged file: packed before or after the damage, where it is packed.</summary>
    private static byte[] Mutant(FileKind kind, int seed, out string damage)
    {
        var mutator = new Mutator(seed);
        var sample = kind.Samples[seed % kind.Samples.Length];
        var packed = kind.Name.EndsWith(".gz", StringComparison.Ordinal);
        var inside = kind.Finish is not null && mutator.Coin();
        var mutant = inside ? kind.Finish!(mutator.Damage(sample)) : mutator.Damage(packed ? kind.Finish!(sample) : sample);
        damage = (inside ? "before it was finished: " : "") + mutator.Description;
        return mutant;
    }

    private static FileKind KindOf(string name) => FileKind.All.Single(kind => kind.Name == name);
}
