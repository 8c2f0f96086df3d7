using ModelDsl.Checkpoints;

namespace ModelDsl;

/// <content>Files.</content>
public abstract partial class Model
{
    /// <summary>
    /// Saves all parameters and states as a safetensors file, in PyTorch's layouts. The file is written to a temporary file in the same folder and renamed, so that the path
    /// always has a complete file. The next save into the folder deletes temporary files of processes that were killed.
    /// </summary>
    /// <param name="path">
    /// The path. An existing file is replaced and keeps its permissions. For a symbolic link, the file that it points to is replaced. A pipe or a device is
    /// written to directly.
    /// </param>
    /// <exception cref="DirectoryNotFoundException">The folder of the file does not exist.</exception>
    /// <exception cref="InvalidOperationException">Another thread is training or loading the model.</exception>
    /// <exception cref="IOException">The path is a folder, or the file cannot be written; an existing file is unchanged.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var access = Read();
        ModelSaver.Save(path, this, []);
    }

    /// <summary>
    /// Saves all parameters and states as a safetensors file, with other names and shapes, such as those of <c>TensorRule.Inverse(HuggingFaceRules.Gpt2())</c>. The file is written as by
    /// <see cref="Save(string)"/>.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="rules">The rules that convert the model's tensors to those of the file, in order.</param>
    /// <exception cref="ArgumentException">A rule cannot be applied to the tensors of the model, or two tensors would have the same name.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder of the file does not exist.</exception>
    /// <exception cref="InvalidOperationException">Another thread is training or loading the model.</exception>
    /// <exception cref="IOException">The path is a folder, or the file cannot be written; an existing file is unchanged.</exception>
    public void Save(string path, IReadOnlyList<TensorRule> rules)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(rules);
        using var access = Read();
        ModelSaver.Save(path, this, rules);
    }

    /// <summary>Loads parameters and states from a safetensors file. Floats of other sizes are converted to 32 bits.</summary>
    /// <param name="path">The path.</param>
    /// <param name="options">How tensors are converted and matched; null if the file must have exactly the names of the model.</param>
    /// <returns>
    /// The tensors that were loaded, also under names of <see cref="FormerlyKnownAsAttribute"/>, and those that were skipped because the options allow it; for each tensor of the file its use, and for each parameter its origin.
    /// </returns>
    /// <exception cref="CheckpointMismatchException">
    /// Names, shapes or types differ; the message says how, and the model is unchanged.
    /// </exception>
    /// <exception cref="ArgumentException">A rule of <see cref="LoadOptions.Rename"/> cannot be applied, or a rule of <see cref="LoadOptions.Rules"/> is null.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, or is not a safetensors file. For files of PyTorch, Keras, NumPy and ONNX the message says how to convert them.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another thread is training or using the model.</exception>
    /// <exception cref="IOException">The path is a folder, or the file does not exist or cannot be read.</exception>
    public LoadReport Load(string path, LoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ThrowIfDisposed();
        using var file = SafetensorsFile.Open(path);
        using var access = Write();
        return CheckpointLoader.Load(this, file, options ?? LoadOptions.Default);
    }
}
