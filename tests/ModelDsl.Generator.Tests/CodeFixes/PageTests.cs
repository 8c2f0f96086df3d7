using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Tests.Diagnostics;

namespace ModelDsl.Generator.Tests.CodeFixes;

/// <summary>The examples of the pages: every fix that is offered for a wrong one corrects it and causes no other error.</summary>
public class PageTests
{
    // What they ask for is a decision of the writer: a size, another function, another structure.
    private static readonly string[] WithoutFix =
    [
        "MDSL0003", "MDSL0004", "MDSL0007", "MDSL0010", "MDSL0016", "MDSL0020", "MDSL0031", "MDSL0041", "MDSL0042", "MDSL0043", "MDSL0044", "MDSL0045",
        "MDSL0050", "MDSL0051", "MDSL0053", "MDSL0054", "MDSL0055", "MDSL0056", "MDSL0057", "MDSL0058", "MDSL0060", "MDSL0061", "MDSL0062", "MDSL0070",
        "MDSL0071", "MDSL0075", "MDSL0076", "MDSL0077", "MDSL0090", "MDSL0091", "MDSL0095", "MDSL0096", "MDSL0097", "MDSL0098", "MDSL0099", "MDSL0100", "MDSL0102", "MDSL0104", "MDSL0105", "MDSL0106", "MDSL0107", "MDSL0900",

        // Its fix belongs to the error of the C# compiler: NameFixTests.
        "MDSL0065", "MDSL0066",
    ];

    public static TheoryData<string> WithFix => [.. Descriptors.All.Select(descriptor => descriptor.Id).Except(WithoutFix).Order()];

    [Theory]
    [MemberData(nameof(WithFix))]
    public async Task Every_fix_mends_the_example_of_its_page(string id)
    {
        var source = DocumentationTests.ExampleOf(id, "Wrong");
        using var original = new FixProject(source) { Files = DocumentationTests.FilesOf(id) };
        var offered = (await original.Fixes(Assert.Single(await original.Report()))).Count;
        Assert.NotEqual(0, offered);
        for (var i = 0; i < offered; i++)
        {
            using var project = new FixProject(source) { Files = DocumentationTests.FilesOf(id) };
            await project.Apply((await project.Fixes(Assert.Single(await project.Report())))[i]);
            Assert.DoesNotContain(await project.Report(), found => found.Id == id || found.Id.StartsWith("CS", StringComparison.Ordinal));
        }
    }
}
