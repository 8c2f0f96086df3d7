using System.IO.Compression;

namespace ModelDsl.Package.Tests;

/// <summary>The package in a feed of its own, and a console project outside the repository that gets it from there.</summary>
public class FreshProject : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    // A version of its own for each run: NuGet keeps what it has once unpacked.
    private readonly string version = $"0.0.1-test.{Guid.NewGuid():N}";
    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl-package-").FullName;

    /// <summary>Packs the runtime.</summary>
    public FreshProject()
        : this("ModelDsl", "ModelDsl.Runtime")
    {
    }

    /// <summary>Packs projects, which are built already, and gives the console project one of them.</summary>
    /// <param name="package">The package it asks for.</param>
    /// <param name="projects">What is packed: the package, and what it depends on.</param>
    protected FreshProject(string package, params string[] projects)
    {
        foreach (var project in projects)
        {
            var source = Path.Combine(RepositoryRoot() ?? throw new InvalidOperationException("The tests do not lie in the repository."), "src", project);
            var pack = DotNet.Run(folder, ["pack", source, "-c", Configuration, "--no-build", "-o", Path.Combine(folder, "feed"), $"-p:PackageVersion={version}"]);
            Assert.True(pack.ExitCode == 0, pack.Output);
        }

        Write("nuget.config", $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="{Path.Combine(folder, "packages")}" />
              </config>
              <fallbackPackageFolders>
                <add key="machine" value="{MachinePackages()}" />
              </fallbackPackageFolders>
              <packageSources>
                <add key="test" value="{Path.Combine(folder, "feed")}" />
              </packageSources>
            </configuration>
            """);
        Write("App.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{version}" />
              </ItemGroup>
            </Project>
            """);
    }

    /// <summary>The paths in a package.</summary>
    public IReadOnlyList<string> PackageContent(string package = "ModelDsl")
    {
        using var content = ZipFile.OpenRead(Path.Combine(folder, "feed", $"{package}.{version}.nupkg"));
        return [.. content.Entries.Select(entry => entry.FullName)];
    }

    /// <summary>Builds a program.</summary>
    /// <param name="program">Its source.</param>
    /// <param name="settings">Arguments for the build, such as properties.</param>
    public DotNet.Result Build(string program, params string[] settings)
    {
        Write("Program.cs", program);
        if (Directory.Exists(GeneratedFolder)) Directory.Delete(GeneratedFolder, recursive: true);
        return DotNet.Run(folder, ["build", "-c", "Release", "-nodeReuse:false", "-p:UseSharedCompilation=false", .. settings]);
    }

    /// <summary>Restores the packages of the project.</summary>
    public DotNet.Result Restore(params string[] settings) => DotNet.Run(folder, ["restore", "--force", .. settings]);

    /// <summary>The files that the compiler wrote in the last build, where it was told to keep them.</summary>
    public IEnumerable<string> GeneratedFiles() =>
        Directory.EnumerateFiles(GeneratedFolder, "*.cs", SearchOption.AllDirectories).Where(path => path.Contains("ModelDsl.Generator", StringComparison.Ordinal)).Select(path => Path.GetFileName(path));

    private string GeneratedFolder => Path.Combine(folder, "obj", "Release", "net10.0", "generated");

    /// <summary>Runs the program that was built last.</summary>
    public DotNet.Result Run() => DotNet.Run(folder, [Path.Combine("bin", "Release", "net10.0", "App.dll")]);

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // What is left in the temporary folder does no harm.
        }
    }

    /// <summary>The repository these tests lie in, or null where they were copied elsewhere.</summary>
    public static string? RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ModelDsl.sln")))
            folder = folder.Parent;
        return folder?.FullName;
    }

    /// <summary>Where this machine keeps packages: what the package depends on is there already.</summary>
    private static string MachinePackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(folder, file), text);
}
