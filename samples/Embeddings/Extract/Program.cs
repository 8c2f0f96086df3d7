using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

// Writes resources of an assembly as files, without loading the assembly: ASSEMBLY FOLDER NAME …
// A resource is found by the end of its name, which begins with the namespace of the assembly.
if (args.Length < 3)
{
    Console.Error.WriteLine("Expected: the path of an assembly, a folder, and the names of resources.");
    return 2;
}

var (path, folder) = (args[0], args[1]);
try
{
    using var stream = File.OpenRead(path);
    using var file = new PEReader(stream);
    var metadata = file.GetMetadataReader();
    var resources = metadata.ManifestResources.Select(metadata.GetManifestResource).Where(resource => resource.Implementation.IsNil).ToList();
    Directory.CreateDirectory(folder);
    foreach (var name in args[2..])
    {
        var found = resources.FindIndex(resource => metadata.GetString(resource.Name).EndsWith("." + name, StringComparison.Ordinal));
        if (found < 0)
            throw new InvalidDataException($"it has no resource '{name}': the version of the package is another one than expected.");
        Write(Path.Combine(folder, name), file, resources[found].Offset);
    }

    return 0;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or BadImageFormatException or InvalidDataException)
{
    Console.Error.WriteLine($"{path} : error : {exception.Message}");
    return 1;
}

// A resource begins with the number of its bytes.
static void Write(string path, PEReader file, long offset)
{
    var block = file.GetSectionData(file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
    var length = block.GetReader((int)offset, sizeof(int)).ReadInt32();
    var unfinished = path + ".tmp";
    using (var target = File.Create(unfinished))
        target.Write(block.GetContent((int)offset + sizeof(int), length).AsSpan());
    File.Move(unfinished, path, overwrite: true);
}
