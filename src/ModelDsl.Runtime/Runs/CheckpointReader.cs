using System.Globalization;
using ModelDsl.Checkpoints;

namespace ModelDsl;

/// <summary>The values of an object in a checkpoint.</summary>
public sealed class CheckpointReader
{
    private readonly string path;
    private readonly string prefix;
    private readonly IReadOnlyDictionary<string, string> values;
    private readonly SafetensorsFile tensors;

    internal CheckpointReader(string path, IReadOnlyDictionary<string, string> values, SafetensorsFile tensors)
        : this(path, "", values, tensors)
    {
    }

    private CheckpointReader(string path, string prefix, IReadOnlyDictionary<string, string> values, SafetensorsFile tensors)
    {
        this.path = path;
        this.prefix = prefix;
        this.values = values;
        this.tensors = tensors;
    }

    /// <summary>Whether there is a value with a name.</summary>
    /// <param name="name">The name.</param>
    public bool Contains(string name) => values.ContainsKey(prefix + name) || tensors.TryGet(prefix + name, out _);

    /// <summary>Returns an integer.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There is no such integer.</exception>
    public long GetInt64(string name) =>
        long.TryParse(GetString(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(name, "an integer");

    /// <summary>Returns a number.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There is no such number.</exception>
    public double GetDouble(string name) =>
        double.TryParse(GetString(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(name, "a number");

    /// <summary>Returns a truth value.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There is no such value.</exception>
    public bool GetBoolean(string name) => GetString(name) switch { "true" => true, "false" => false, _ => throw Wrong(name, "true or false") };

    /// <summary>Returns a text.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There is no such text.</exception>
    public string GetString(string name) => values.TryGetValue(prefix + name, out var value) ? value : throw Missing(name);

    /// <summary>Returns floats.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There are no such floats.</exception>
    public float[] GetSingles(string name) => GetArray<float>(name, "F32");

    /// <summary>Returns 64-bit floats.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There are no such floats.</exception>
    public double[] GetDoubles(string name) => GetArray<double>(name, "F64");

    /// <summary>Returns integers.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There are no such integers.</exception>
    public long[] GetInt64s(string name) => GetArray<long>(name, "I64");

    /// <summary>Returns a reader of the values of another object.</summary>
    internal CheckpointReader Section(string name) => new(path, $"{prefix}{name}.", values, tensors);

    private T[] GetArray<T>(string name, string type)
        where T : unmanaged
    {
        if (!tensors.TryGet(prefix + name, out var entry))
            throw Missing(name);
        if (entry.Type != type)
            throw Wrong(name, $"of type {type}");
        var array = new T[(entry.End - entry.Begin) / SafetensorsEntry.SizeOf(type)];
        tensors.ReadExactly<T>(entry, array);
        return array;
    }

    private InvalidDataException Missing(string name) => new(
        $"The checkpoint '{path}' has no value '{prefix}{name}': RestoreState must read what SaveState has written, and both must belong to the program that saved the checkpoint.");

    private InvalidDataException Wrong(string name, string expected) => new($"The value '{prefix}{name}' of the checkpoint '{path}' is not {expected}.");
}
