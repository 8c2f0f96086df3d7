using System.Reflection;
using System.Runtime.Loader;
using ModelDsl.Ilgpu.Compiler.Backends;
using ModelDsl.Ilgpu.Compiler.Kernels;
using ModelDsl.Ilgpu.Compiler.Output;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Ilgpu.Compiler;

/// <summary>Compiles the kernels of an assembly. Errors are written in the format of MSBuild, which shows them as errors of the build.</summary>
internal static class CompileCommand
{
    /// <summary>Compiles.</summary>
    /// <param name="options">What is compiled.</param>
    /// <param name="output">Where errors are written.</param>
    /// <returns>0, or 1 if there were errors.</returns>
    public static int Run(CompileOptions options, TextWriter output)
    {
        try
        {
            return Compile(options, AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.GetFullPath(options.Assembly)), output);
        }
        catch (KernelError error)
        {
            Write(output, options.Assembly, "error", error.Code, error.Message);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or BadImageFormatException or TypeLoadException)
        {
            Write(output, options.Assembly, "error", KernelError.File, $"kernels for GPUs cannot be compiled: {exception.Message}");
        }

        return 1;
    }

    /// <summary>Compiles the kernels of an assembly that is loaded.</summary>
    public static int Compile(CompileOptions options, Assembly assembly, TextWriter output)
    {
        var targets = Architectures.Of(options.Architectures);
        var kernels = LaunchedKernels.Of(assembly);
        if (kernels.Count == 0)
        {
            File.Delete(options.Output);
            WriteTexts(options, output, static texts => texts.Delete());
            return 0;
        }

        using var last = Last(options.Output);
        var build = new KernelBuild(targets, last);
        var results = build.Compile([.. kernels, .. OwnKernels.All()]);
        using var source = GeneratedSource.Open(assembly, options.Assembly);
        if (!build.Errors.IsEmpty)
        {
            var locations = new ModelLocations(options.Sources);
            foreach (var (kernel, error) in build.Errors.OrderBy(static pair => KernelNames.Of(pair.Kernel), StringComparer.Ordinal))
            {
                var (file, comment) = kernel.Module.Assembly == assembly ? source.Of(kernel) : ("", []);
                Write(output, locations.Of(kernel, file) ?? options.Assembly, "error", error.Code, Message(kernel, comment, error));
            }

            return 1;
        }

        var list = new KernelList
        {
            Ilgpu = KernelFile.IlgpuVersion,
            Compiler = KernelBuild.Version,
            Modules = KernelModules.Of(assembly).ToDictionary(static module => module.GetName().Name!, static module => module.ManifestModule.ModuleVersionId),
            Targets = targets,
            Kernels = results.ToDictionary(static result => result.Item.Name, static result => result.Item),
        };
        KernelFileWriter.Write(options.Output, list, results);
        WriteTexts(options, output, texts => texts.Write(results, source));
        output.WriteLine($"ModelDsl: {results.Count(static result => result.IsNew)} of {results.Count} GPU kernels compiled, {options.Texts}");
        return 0;
    }

    /// <summary>Changes the texts for reading. The program does not need them, so that a failure does not stop the build.</summary>
    private static void WriteTexts(CompileOptions options, TextWriter output, Action<ReadableTexts> write)
    {
        try
        {
            write(new ReadableTexts(options.Texts));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Write(output, options.Assembly, "warning", KernelError.Texts, $"the texts of GPU kernels for reading cannot be written: {exception.Message}");
        }
    }

    private static string Message(MethodInfo kernel, IReadOnlyList<string> comment, KernelError error)
    {
        var formula = comment.Count > 0 ? $" ({string.Join("; ", comment)})" : "";
        return $"the kernel {KernelNames.Short(kernel)}{formula} cannot run on GPUs: {error.Message}.";
    }

    private static void Write(TextWriter output, string location, string kind, string code, string message) => output.WriteLine($"{location}: {kind} {code}: {message.ReplaceLineEndings(" ")}");

    private static KernelFile? Last(string path)
    {
        try
        {
            return File.Exists(path) ? KernelFile.Open(path) : null;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            // It is written anew.
            return null;
        }
    }
}
