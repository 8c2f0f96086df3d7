using ModelDsl.Checkpoints;

namespace ModelDsl;

/// <content>Files.</content>
public abstract partial class Model
{
    /// <summary>
    /// Saves all parameters and states as a safetensors file, in PyTorch's layouts. It is written beside the path and renamed: at the path there is
    /// always a whole file. What a process that was killed left half written is deleted by the next save into its folder.
    /// </summary>
    /// <param name="path">
    /// The path. A file that is there is replaced and its permissions are kept; a symbolic link stays, and what it leads to is replaced; a pipe or a device is
    /// written to as it is.
    /// </param>
    /// <exception cref="DirectoryNotFoundException">The folder of the file does not exist.</exception>
    /// <exception cref="InvalidOperationException">Another thread is training or loading the model.</exception>
    /// <exception cref="IOException">The path is a folder, or the file cannot be written; what was at the path is still there.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var access = Read();
        SafetensorsWriter.Write(path, Description.Name, [.. Tensors]);
    }

    /// <summary>Loads parameters and states from a safetensors file. Floats of other sizes are converted.</summary>
    /// <param name="path">The path.</param>
    /// <param name="options">How names are matched; null for exactly the model's.</param>
    /// <returns>What was loaded, and what was left out with the options' permission.</returns>
    /// <exception cref="CheckpointMismatchException">
    /// Names, shapes or types differ; the message says how, and the model is unchanged.
    /// </exception>
    /// <exception cref="ArgumentException">A rule of <see cref="LoadOptions.Rename"/> cannot be applied.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, or of another kind: of files of PyTorch, Keras, NumPy and ONNX the message says how they become safetensors.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another thread is training or using the model.</exception>
    /// <exception cref="IOException">The path is a folder, or the file is not there or cannot be read.</exception>
    public LoadReport Load(string path, LoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ThrowIfDisposed();
        using var file = SafetensorsFile.Open(path);
        using var access = Write();
        return CheckpointLoader.Load(this, file, options ?? LoadOptions.Default);
    }
}
