using ModelDsl.Compiled;
using ModelDsl.Memory;

namespace ModelDsl.Devices.Cpu;

/// <summary>
/// The copies of a model's parameters that its predictions and sessions share. They are allocated when they are first needed, and made again after parameters have changed. Any number of threads
/// can use them while none changes parameters: the first makes the copies, and the others wait for it.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="description">The model's description.</param>
/// <param name="program">The model's program.</param>
/// <param name="parameters">The model's parameters.</param>
internal sealed unsafe class ParameterCopies(CpuDevice device, ModelDescription description, CpuProgram program, CpuBuffer parameters) : IWork
{
    private readonly Lock gate = new();
    private PinnedBuffer<float>? memory;
    private volatile bool isCurrent;
    private Step step;

    /// <inheritdoc/>
    public ParallelBackOff BackOff { get; } = new();

    /// <summary>Returns copies of the current parameters, valid until parameters change and while this object is reachable; null if the program needs none.</summary>
    /// <exception cref="InvalidOperationException">There is not enough memory.</exception>
    public float* Current()
    {
        if (program.ParameterCopyFloats == 0)
            return null;
        if (!isCurrent)
        {
            lock (gate)
            {
                if (!isCurrent)
                    Copy();
            }
        }

        return memory!.Pointer;
    }

    /// <summary>Makes the copies invalid. Called before parameters change, while no plan reads them.</summary>
    public void Invalidate() => isCurrent = false;

    /// <inheritdoc/>
    public void Run(Worker worker) => program.CopyParameters(in step, worker);

    private void Copy()
    {
        memory ??= new PinnedBuffer<float>(program.ParameterCopyFloats, $"The copies of parameters of {description.Name}");
        step = new Step { N = 1, Capacity = 1, Parameters = parameters.Pointer, ParameterCopies = memory.Pointer, Batched = null, Fixed = null, Columns = null };
        device.RunPass(this, memory.Length);
        isCurrent = true;
        GC.KeepAlive(this);
    }
}
