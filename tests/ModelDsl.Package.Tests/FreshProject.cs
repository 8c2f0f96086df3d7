namespace ModelDsl.Package.Tests;

/// <summary>The package in a feed of its own, and a console project outside the repository that gets it from there.</summary>
public class FreshProject : PackageFeed
{
    /// <summary>Packs the runtime.</summary>
    public FreshProject()
        : this("ModelDsl", "ModelDsl.Runtime")
    {
    }

    /// <summary>Packs projects, which are built already, and gives the console project one of them.</summary>
    /// <param name="package">The package that it references.</param>
    /// <param name="projects">What is packed: the package, and what it depends on.</param>
    protected FreshProject(string package, params string[] projects)
        : base(projects.Select(project => Path.Combine("src", project))) =>
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
                <PackageReference Include="{package}" Version="{Version}" />
              </ItemGroup>
            </Project>
            """);

    /// <summary>Builds a program.</summary>
    /// <param name="program">Its source.</param>
    /// <param name="settings">Arguments for the build, such as properties.</param>
    public DotNet.Result Build(string program, params string[] settings)
    {
        Write("Program.cs", program);
        if (Directory.Exists(GeneratedFolder)) Directory.Delete(GeneratedFolder, recursive: true);
        return Run(["build", "-c", "Release", "-nodeReuse:false", "-p:UseSharedCompilation=false", .. settings]);
    }

    /// <summary>Restores the packages of the project.</summary>
    public DotNet.Result Restore(params string[] settings) => Run(["restore", "--force", .. settings]);

    /// <summary>The files that the compiler wrote in the last build, where it was told to keep them.</summary>
    public IEnumerable<string> GeneratedFiles() =>
        Directory.EnumerateFiles(GeneratedFolder, "*.cs", SearchOption.AllDirectories).Where(path => path.Contains("ModelDsl.Generator", StringComparison.Ordinal)).Select(path => Path.GetFileName(path));

    /// <summary>The text of a generated file of the last build.</summary>
    public string ReadGenerated(string name) => File.ReadAllText(Directory.EnumerateFiles(GeneratedFolder, name, SearchOption.AllDirectories).Single());

    private string GeneratedFolder => Path.Combine(Folder, "obj", "Release", "net10.0", "generated");

    /// <summary>The debug information of the program that was built last, in the Portable PDB format.</summary>
    public byte[] ReadSymbols() => File.ReadAllBytes(Path.Combine(Folder, "bin", "Release", "net10.0", "App.pdb"));

    /// <summary>Runs the program that was built last.</summary>
    public DotNet.Result Run() => Run([Path.Combine("bin", "Release", "net10.0", "App.dll")]);
}
