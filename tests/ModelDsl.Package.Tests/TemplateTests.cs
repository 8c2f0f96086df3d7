using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Package.Tests;

/// <summary>The template of <c>dotnet new</c> and the project that it creates.</summary>
public sealed partial class TemplateTests(TemplateTests.Feed feed) : IClassFixture<TemplateTests.Feed>
{
    private const string Package = "ModelDsl.Templates";
    private static readonly string[] WithoutServers = ["-nodeReuse:false", "-p:UseSharedCompilation=false"];

    /// <summary>The package of templates, and the package that created projects ask for.</summary>
    public sealed class Feed() : PackageFeed("templates", "src/ModelDsl.Runtime");

    private static string Root => PackageFeed.RepositoryRoot()!;

    [Fact]
    public void The_package_holds_the_files_of_the_template_and_nothing_that_was_built()
    {
        string[] expected =
        [
            "README.md",
            "content/modeldsl/.template.config/dotnetcli.host.json", "content/modeldsl/.template.config/template.json",
            "content/modeldsl/ModelApp.1.Tests/ModelApp.1.Tests.csproj", "content/modeldsl/ModelApp.1.Tests/SpiralClassifierTests.cs",
            "content/modeldsl/ModelApp.1.slnx",
            "content/modeldsl/ModelApp.1/ModelApp.1.csproj", "content/modeldsl/ModelApp.1/Program.cs",
            "content/modeldsl/ModelApp.1/SpiralClassifier.cs", "content/modeldsl/ModelApp.1/SpiralData.cs",
        ];
        Assert.Equal(expected, feed.PackageContent(Package).Where(path => Path.GetExtension(path) is ".md" or ".dll" || path.StartsWith("content/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    // The name is no C# identifier, so that namespaces have to differ from the names of files.
    [StandardFact]
    public void A_created_project_builds_trains_and_passes_its_tests()
    {
        const string name = "two-spirals";
        string[] hive = ["--debug:custom-hive", Path.Combine(feed.Folder, "hive")];
        Succeeds(feed.Run(["new", "install", feed.PackageFile(Package), .. hive]));
        Assert.Contains("Restore succeeded.", Succeeds(feed.Run(["new", "modeldsl", "-o", name, "--modeldsl-version", feed.Version, .. hive])), StringComparison.Ordinal);

        Succeeds(feed.Run(["build", "--no-restore", "-warnaserror", .. WithoutServers], name));

        var output = Succeeds(feed.Run(["run", "--project", name, "--no-build", "--", "30"], name));
        Assert.InRange(double.Parse(Accuracy().Match(output).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), 0.98, 1);
        var generated = GeneratedFolder().Match(output).Groups[1].Value;
        Assert.Contains("two_spirals.SpiralClassifier.Avx2.g.cs", Directory.EnumerateFiles(generated).Select(Path.GetFileName));

        Assert.Matches(@"Passed! +- Failed: +0, Passed: +2, Skipped: +0", Succeeds(feed.Run(["test", "--no-build"], name)));
    }

    [Fact]
    public void A_created_project_asks_for_the_versions_of_this_repository()
    {
        var template = JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "templates/modeldsl/.template.config/template.json")))!;
        Assert.Equal(
            XDocument.Load(Path.Combine(Root, "Directory.Build.props")).Descendants("VersionPrefix").Single().Value,
            template["symbols"]!["modelDslVersion"]!["defaultValue"]!.GetValue<string>());

        var central = XDocument.Load(Path.Combine(Root, "Directory.Packages.props")).Descendants("PackageVersion").Select(Version).ToHashSet();
        var asked = XDocument.Load(Path.Combine(Root, "templates/modeldsl/ModelApp.1.Tests/ModelApp.1.Tests.csproj")).Descendants("PackageReference").Select(Version).ToList();
        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(central));

        static string Version(XElement package) => $"{package.Attribute("Include")!.Value} {package.Attribute("Version")!.Value}";
    }

    /// <summary>What a command printed, which must not have failed.</summary>
    private static string Succeeds(DotNet.Result result)
    {
        Assert.True(result.ExitCode == 0, result.Output);
        return result.Output;
    }

    [GeneratedRegex(@"On points it has not seen: loss [\d.]+, accuracy ([\d.]+)")]
    private static partial Regex Accuracy();

    [GeneratedRegex(@"The generated code is in (.+)\.")]
    private static partial Regex GeneratedFolder();
}
