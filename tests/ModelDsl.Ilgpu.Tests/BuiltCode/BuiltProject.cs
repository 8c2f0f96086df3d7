using System.IO.Compression;
using System.Reflection;
using ModelDsl.Ilgpu.Compiler;
using ModelDsl.Ilgpu.Kernels;
using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Ilgpu.Tests.BuiltCode;

/// <summary>A project whose kernels are compiled as a build compiles them, in a folder of its own.</summary>
internal sealed class BuiltProject : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl-kernels-").FullName;
    private readonly GeneratedModels models;

    /// <param name="source">The text of the models, in the file Models.cs.</param>
    /// <param name="generates">Whether the generator takes part.</param>
    public BuiltProject(string source, bool generates = true)
    {
        var path = Path.Combine(folder, "Models.cs");
        File.WriteAllText(path, source);
        models = GeneratedModels.InFolder(folder, [(path, source)], generates);
        Options = new()
        {
            Assembly = Path.Combine(folder, Assembly.GetName().Name + ".dll"),
            Output = Path.Combine(folder, Assembly.GetName().Name + KernelFile.Extension),
            Texts = Path.Combine(folder, "texts"),
            Architectures = ["sm_80"],
            Sources = [path],
        };
    }

    public Assembly Assembly => models.Assembly;

    public CompileOptions Options { get; set; }

    /// <summary>What the compiler wrote to the console.</summary>
    public string Output { get; private set; } = "";

    /// <summary>Compiles the kernels, and returns the exit code.</summary>
    public int Build()
    {
        using var output = new StringWriter();
        var exit = CompileCommand.Compile(Options, Assembly, output);
        Output = output.ToString();
        return exit;
    }

    /// <summary>The names of the kernels in the file, without the assembly.</summary>
    public IReadOnlyList<string> Kernels()
    {
        using var file = KernelFile.Open(Options.Output);
        return [.. file.List.Kernels.Keys.Select(static name => name.Split('/')[1])];
    }

    /// <summary>Builds, and changes the list of the file.</summary>
    public void Rewrite(Func<KernelList, KernelList> change)
    {
        Assert.Equal(0, Build());
        Change(static name => name == KernelList.FileName, text => change(KernelList.Read(text)).Write());
    }

    /// <summary>Changes the texts whose names fit.</summary>
    public void Damage(Func<string, bool> fits) => Change(fits, static text => text[..(text.Length / 2)]);

    private void Change(Func<string, bool> fits, Func<string, string> change)
    {
        using var archive = ZipFile.Open(Options.Output, ZipArchiveMode.Update);
        var entries = archive.Entries.Where(entry => fits(entry.FullName)).ToArray();
        Assert.NotEmpty(entries);
        foreach (var entry in entries)
        {
            string text;
            using (var reader = new StreamReader(entry.Open()))
                text = reader.ReadToEnd();
            entry.Delete();
            using var writer = new StreamWriter(archive.CreateEntry(entry.FullName).Open());
            writer.Write(change(text));
        }
    }

    public Model Create(string name, Device device) => models.Create(name, 5, device);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(folder, recursive: true);
}
