using System.ComponentModel;
using ModelDsl.Checkpoints;

namespace ModelDsl.Compiled;

/// <summary>The weights file of a model, which lies beside the program. For generated members.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class WeightsFile
{
    /// <summary>Opens a file.</summary>
    /// <param name="file">The path, relative to the folder of the program.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or is not a safetensors file.</exception>
    public static SafetensorsFile Open(string file) => SafetensorsFile.Open(PathOf(file));

    /// <summary>Loads a file into a new model, which is disposed if that fails.</summary>
    /// <typeparam name="TModel">The type of the model.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="file">The path, relative to the folder of the program.</param>
    /// <param name="options">How tensors are matched.</param>
    /// <returns>The model.</returns>
    /// <exception cref="CheckpointMismatchException">Names, shapes or types differ.</exception>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or is not a safetensors file.</exception>
    public static TModel Load<TModel>(TModel model, string file, LoadOptions options)
        where TModel : Model
    {
        ArgumentNullException.ThrowIfNull(model);
        try
        {
            model.Load(PathOf(file), options);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static string PathOf(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        var path = Path.Combine(AppContext.BaseDirectory, file);
        return File.Exists(path) ? path : throw new FileNotFoundException(
            $"The weights file '{path}' does not exist: add <ModelDslWeights Include=\"{Path.GetFileName(file)}\" /> to the project, which copies it beside the program.", path);
    }
}
