using ModelDsl.Benchmarks.Gpu.Session;

namespace ModelDsl.Ilgpu.Tests.GpuSession;

/// <summary>The report of a session and its targets.</summary>
public sealed class SessionReportTests
{
    private const string Own = """{"kind":"step","device":"H200, Cuda, 139 GiB","model":"mlp","batch":128,"median_ms":0.1}""";
    private const string Eager = """{"kind":"peer","device":"H200","peer":"cuda","model":"mlp","batch":128,"variant":"eager","median_ms":MS}""";

    [Theory]
    [InlineData("0.25", "met")]
    [InlineData("0.15", "not met")]
    public void A_target_compares_the_same_step_in_both_programs(string milliseconds, string verdict)
    {
        var target = SessionTarget.All(Results(Own, Eager.Replace("MS", milliseconds, StringComparison.Ordinal)))[0];
        Assert.Equal("mlp, batch of 128: speed, as a multiple of PyTorch's eager", target.Text);
        Assert.Equal(verdict, target.Verdict);
        Assert.Equal(10 * double.Parse(milliseconds, System.Globalization.CultureInfo.InvariantCulture), target.Ratio!.Value, 1e-9);
    }

    [Fact]
    public void Without_one_of_the_sides_a_target_is_not_measured()
    {
        var failed = """{"kind":"peer","device":"H200","peer":"cuda","model":"mlp","batch":128,"variant":"eager","error":"out of memory"}""";
        Assert.All(SessionTarget.All(Results(Own, failed)), static target => Assert.Equal("not measured", target.Verdict));
        Assert.All(SessionTarget.All(Results(Own)), static target => Assert.Equal("not measured", target.Verdict));
    }

    [Fact]
    public void What_ran_on_a_cpu_is_no_measurement_of_a_target()
    {
        var onCpu = Eager.Replace("\"cuda\"", "\"cpu\"", StringComparison.Ordinal).Replace("MS", "5", StringComparison.Ordinal);
        Assert.Equal("not measured", SessionTarget.All(Results(Own, onCpu))[0].Verdict);
        Assert.Equal("not measured", SessionTarget.All(Results(Own.Replace("H200, Cuda", "cpu, OpenCL", StringComparison.Ordinal), Eager.Replace("MS", "5", StringComparison.Ordinal)))[0].Verdict);
    }

    [Fact]
    public void The_rate_of_a_product_is_that_of_the_product_itself()
    {
        var results = Results(
            """{"kind":"product","device":"H200, Cuda, 139 GiB","kernel":"Dense1","rows":4096,"gflops":30000}""",
            """{"kind":"product","device":"H200, Cuda, 139 GiB","kernel":"Dense1WeightGradient","rows":4096,"gflops":50000}""",
            """{"kind":"peer-product","device":"H200","peer":"cuda","rows":4096,"gflops":50000}""");
        Assert.Equal(0.6, SessionTarget.All(results)[^1].Ratio!.Value, 1e-9);
    }

    [Fact]
    public void A_report_has_what_came_before_a_part_failed()
    {
        var results = Results(Own, "not JSON");
        results.Add("steps of mlp", new PartOutcome("failed with exit code 134", 2.5, "the driver\nfailed\n"));
        var text = SessionReport.Text(results, "Title");
        Assert.StartsWith("# Title\n", text, StringComparison.Ordinal);
        Assert.Contains("| mlp | 128 | ModelDsl | 0.1 |", text, StringComparison.Ordinal);
        Assert.Contains("| steps of mlp | failed with exit code 134 | 2.5 |", text, StringComparison.Ordinal);
        Assert.Contains("    the driver\n    failed\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public void Lines_are_in_the_file_as_soon_as_they_come()
    {
        var path = Path.GetTempFileName();
        try
        {
            var results = new SessionResults(path);
            results.Add("one", Own);
            results.Add("two", "[1]");
            Assert.Equal(
                [Own[..^1] + ""","part":"one"}""", """{"kind":"text","text":"[1]","part":"two"}"""], File.ReadAllLines(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static SessionResults Results(params string[] lines)
    {
        var results = new SessionResults(null);
        foreach (var line in lines)
            results.Add("steps of mlp", line);
        return results;
    }
}
