using System.Globalization;
using ModelDsl.Checkpoints;
using ModelDsl.Distributed;

namespace ModelDsl;

/// <summary>The values of an object that a checkpoint will contain.</summary>
public sealed class CheckpointWriter
{
    private readonly string prefix;
    private readonly HashSet<string> names;

    internal CheckpointWriter(ShardedStates? sharded = null)
        : this("", [], [], [], sharded)
    {
    }

    private CheckpointWriter(string prefix, SortedDictionary<string, string> values, List<TensorContent> tensors, HashSet<string> names, ShardedStates? sharded)
    {
        this.names = names;
        Sharded = sharded;
        this.prefix = prefix;
        Values = values;
        Tensors = tensors;
    }

    internal SortedDictionary<string, string> Values { get; }

    internal List<TensorContent> Tensors { get; }

    /// <summary>The states that the ranks of a group have divided among them; null without a group.</summary>
    internal ShardedStates? Sharded { get; }

    /// <summary>Adds an integer.</summary>
    /// <param name="name">The name, which occurs once per object.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The name is empty, or was used before.</exception>
    public void Write(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds a number, which is restored exactly.</summary>
    /// <param name="name">The name, which occurs once per object.</param>
    /// <param name="value">The value, which may be NaN or infinite.</param>
    /// <exception cref="ArgumentException">The name is empty, or was used before.</exception>
    public void Write(string name, double value) => Add(name, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Adds a truth value.</summary>
    /// <param name="name">The name, which occurs once per object.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The name is empty, or was used before.</exception>
    public void Write(string name, bool value) => Add(name, value ? "true" : "false");

    /// <summary>Adds a text.</summary>
    /// <param name="name">The name, which occurs once per object.</param>
    /// <param name="value">The value. If it is null, <see cref="CheckpointReader.Contains"/> will be false.</param>
    /// <exception cref="ArgumentException">The name is empty, or was used before.</exception>
    public void Write(string name, string? value)
    {
        if (value is not null)
            Add(name, value);
    }

    /// <summary>Adds floats. They are written when all objects have added their values, and must not change until then.</summary>
    /// <param name="name">The name, which occurs once per object.</param>
    /// <param name="values">The values.</param>
    /// <exception cref="ArgumentException">The name is empty, or was used before.</exception>
    public void Write(string name, ReadOnlyMemory<float> values) => Write(new ArrayContent<float>(name, "F32", values));

    /// <summary>Adds 64-bit floats. They are written when all objects have added their values, and must not change until then.</summary>
    /// <param name="name">The name, which occurs once per object.</param>
    /// <param name="values">The values.</param>
    /// <exception cref="ArgumentException">The name is empty, or was used before.</exception>
    public void Write(string name, ReadOnlyMemory<double> values) => Write(new ArrayContent<double>(name, "F64", values));

    /// <summary>Adds integers. They are written when all objects have added their values, and must not change until then.</summary>
    /// <param name="name">The name, which occurs once per object.</param>
    /// <param name="values">The values.</param>
    /// <exception cref="ArgumentException">The name is empty, or was used before.</exception>
    public void Write(string name, ReadOnlyMemory<long> values) => Write(new ArrayContent<long>(name, "I64", values));

    internal void Write(TensorContent tensor)
    {
        tensor.Name = NewName(tensor.Name);
        Tensors.Add(tensor);
    }

    /// <summary>Returns a writer for the values of another object.</summary>
    internal CheckpointWriter Section(string name) => new($"{prefix}{name}.", Values, Tensors, names, Sharded);

    private void Add(string name, string value) => Values.Add(NewName(name), value);

    private string NewName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var full = prefix + name;
        return names.Add(full) ? full
            : throw new ArgumentException($"The value '{full}' is written to the checkpoint twice: give each value of an object its own name.", nameof(name));
    }
}
