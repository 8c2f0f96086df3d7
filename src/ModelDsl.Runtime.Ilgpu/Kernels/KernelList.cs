using System.Globalization;
using System.Text;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>An entry of the list.</summary>
/// <param name="Name">The name of the kernel.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Entry">The name of the function in its texts.</param>
/// <param name="File">The name of the files with its texts, without their extension.</param>
/// <param name="SharedBytes">The size of its shared memory.</param>
/// <param name="Texts">The checksums of its texts by their names: those of architectures, and <see cref="KernelFile.OpenClName"/>.</param>
internal sealed record KernelItem(string Name, string Hash, string Entry, string File, int SharedBytes, IReadOnlyDictionary<string, string> Texts);

/// <summary>An architecture that PTX was written for.</summary>
/// <param name="Name">The name, such as sm_80.</param>
/// <param name="Architecture">The compute capability.</param>
/// <param name="InstructionSet">The version of PTX, which the driver must know.</param>
internal sealed record PtxTarget(string Name, Version Architecture, Version InstructionSet);

/// <summary>The first entry of a file of kernels: what it contains, and what it was made from. It is text with one entry per line, separated by tabs.</summary>
internal sealed record KernelList
{
    /// <summary>The name of the list in the file.</summary>
    public const string FileName = "kernels.tsv";

    /// <summary>The first line. The number is the version of the format, including the layout of arguments.</summary>
    private const string Header = "ModelDsl kernels 2";

    /// <summary>The version of ILGPU that wrote the texts.</summary>
    public required string Ilgpu { get; init; }

    /// <summary>The version (MVID) of the compiler that wrote the texts.</summary>
    public required Guid Compiler { get; init; }

    /// <summary>The versions (MVID) of the assemblies whose code is in the kernels.</summary>
    public required IReadOnlyDictionary<string, Guid> Modules { get; init; }

    /// <summary>The architectures.</summary>
    public required IReadOnlyList<PtxTarget> Targets { get; init; }

    /// <summary>The kernels by name.</summary>
    public required IReadOnlyDictionary<string, KernelItem> Kernels { get; init; }

    /// <summary>Returns the text.</summary>
    public string Write()
    {
        var text = new StringBuilder();
        text.Append(Header).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"ilgpu\t{Ilgpu}\n");
        text.Append(CultureInfo.InvariantCulture, $"compiler\t{Compiler}\n");
        foreach (var (name, version) in Modules)
            text.Append(CultureInfo.InvariantCulture, $"module\t{name}\t{version}\n");
        foreach (var target in Targets)
            text.Append(CultureInfo.InvariantCulture, $"ptx\t{target.Name}\t{target.Architecture}\t{target.InstructionSet}\n");
        foreach (var kernel in Kernels.Values)
            text.Append(CultureInfo.InvariantCulture, $"kernel\t{kernel.Name}\t{kernel.Hash}\t{kernel.Entry}\t{kernel.File}\t{kernel.SharedBytes}\t{string.Join(' ', kernel.Texts.Select(static pair => $"{pair.Key}={pair.Value}"))}\n");
        return text.ToString();
    }

    /// <summary>Reads the text.</summary>
    /// <exception cref="InvalidDataException">It is not such a text, or was written by another version.</exception>
    public static KernelList Read(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || lines[0] != Header)
            throw new InvalidDataException($"its list does not begin with '{Header}', so another version of ModelDsl wrote it");
        var (ilgpu, compiler, modules, targets, kernels) = ("", Guid.Empty, new Dictionary<string, Guid>(), new List<PtxTarget>(), new Dictionary<string, KernelItem>());
        foreach (var line in lines.AsSpan(1))
        {
            try
            {
                switch (line.Split('\t'))
                {
                    case ["ilgpu", var version]:
                        ilgpu = version;
                        break;
                    case ["compiler", var version]:
                        compiler = Guid.Parse(version);
                        break;
                    case ["module", var name, var version]:
                        modules.Add(name, Guid.Parse(version));
                        break;
                    case ["ptx", var name, var architecture, var set]:
                        targets.Add(new(name, Version.Parse(architecture), Version.Parse(set)));
                        break;
                    case ["kernel", var name, var hash, var entry, var file, var shared, var texts]:
                        kernels.Add(name, new(name, hash, entry, file, int.Parse(shared, CultureInfo.InvariantCulture), Texts(texts)));
                        break;
                    default:
                        throw new FormatException();
                }
            }
            catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException)
            {
                throw new InvalidDataException($"its list contains the line '{line}', which is not understood", exception);
            }
        }

        return new() { Ilgpu = ilgpu, Compiler = compiler, Modules = modules, Targets = targets, Kernels = kernels };
    }

    private static Dictionary<string, string> Texts(string texts) => texts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static text => text.Split('=')).ToDictionary(
        static pair => pair[0], static pair => pair is [_, var sum] ? sum : throw new FormatException());
}
