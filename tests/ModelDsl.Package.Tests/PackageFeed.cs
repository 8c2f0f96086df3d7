using System.IO.Compression;
using System.Xml.Linq;

namespace ModelDsl.Package.Tests;

/// <summary>Packages of this repository in a feed of their own: the projects in a temporary folder outside the repository get them from there.</summary>
public class PackageFeed : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    /// <summary>Packs projects, which are built already.</summary>
    /// <param name="projects">Their folders within the repository.</param>
    protected PackageFeed(params IEnumerable<string> projects)
    {
        var root = RepositoryRoot() ?? throw new InvalidOperationException("The tests do not lie in the repository.");
        foreach (var project in projects)
        {
            var pack = Run(["pack", Path.Combine(root, project), "-c", Configuration, "--no-build", "-o", Path.Combine(Folder, "feed"), $"-p:PackageVersion={Version}"]);
            Assert.True(pack.ExitCode == 0, pack.Output);
        }

        Write("nuget.config", $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="{Path.Combine(Folder, "packages")}" />
              </config>
              <fallbackPackageFolders>
                <add key="machine" value="{MachinePackages()}" />
              </fallbackPackageFolders>
              <packageSources>
                <add key="test" value="{Path.Combine(Folder, "feed")}" />
              </packageSources>
            </configuration>
            """);
    }

    /// <summary>The temporary folder, whose settings of NuGet hold for all folders in it.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("modeldsl-package-").FullName;

    /// <summary>The version of the packages: another one for each run, because NuGet keeps what it has once unpacked.</summary>
    public string Version { get; } = $"0.0.1-test.{Guid.NewGuid():N}";

    /// <summary>The file of a package.</summary>
    public string PackageFile(string package) => Path.Combine(Folder, "feed", $"{package}.{Version}.nupkg");

    /// <summary>The paths in a package.</summary>
    public IReadOnlyList<string> PackageContent(string package = "ModelDsl")
    {
        using var content = ZipFile.OpenRead(PackageFile(package));
        return [.. content.Entries.Select(entry => entry.FullName)];
    }

    /// <summary>The paths in the package of a package's symbols.</summary>
    public IReadOnlyList<string> SymbolContent(string package)
    {
        using var content = ZipFile.OpenRead(Path.ChangeExtension(PackageFile(package), ".snupkg"));
        return [.. content.Entries.Select(entry => entry.FullName)];
    }

    /// <summary>A file of a package.</summary>
    public byte[] ReadContent(string package, string path)
    {
        using var content = ZipFile.OpenRead(PackageFile(package));
        using var stream = content.GetEntry(path)!.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>The manifest of a package.</summary>
    public XDocument Manifest(string package) => XDocument.Load(new MemoryStream(ReadContent(package, $"{package}.nuspec")));

    /// <summary>Runs the command <c>dotnet</c> in the temporary folder, or in one of the folders in it.</summary>
    public DotNet.Result Run(IEnumerable<string> arguments, string subfolder = "") => DotNet.Run(Path.Combine(Folder, subfolder), arguments);

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // What is left in the temporary folder does no harm.
        }
    }

    /// <summary>The repository that contains these tests; null if they were copied to another place.</summary>
    public static string? RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ModelDsl.sln")))
            folder = folder.Parent;
        return folder?.FullName;
    }

    /// <summary>Writes a file in the temporary folder.</summary>
    protected void Write(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text);

    /// <summary>Where this machine keeps packages: what the packages depend on is there already.</summary>
    private static string MachinePackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
