using System.Reflection;
using System.Runtime.Loader;

namespace ModelDsl.Ilgpu.Compiler;

/// <summary>Loads assemblies from where the project has them.</summary>
internal static class ProjectAssemblies
{
    /// <summary>Uses the assemblies of a project, from the first one that is needed.</summary>
    /// <param name="paths">The paths. Of several with the same name, the first is used.</param>
    public static void Resolve(IReadOnlyList<string> paths)
    {
        var byName = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in paths)
            byName.TryAdd(Path.GetFileNameWithoutExtension(path), path);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            byName.TryGetValue(name.Name!, out var path) && File.Exists(path) ? context.LoadFromAssemblyPath(Path.GetFullPath(path)) : null;
    }

    /// <summary>Returns the types of an assembly that can be loaded: others use assemblies of frameworks that this process does not have, and are no programs.</summary>
    public static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            return exception.Types.OfType<Type>();
        }
    }
}
