using ModelDsl.Devices;

namespace ModelDsl.Models;

/// <summary>Inference workspaces that wait for the next prediction.</summary>
/// <param name="device">Where they come from.</param>
internal sealed class WorkspacePool(DeviceModel device)
{
    private readonly Lock gate = new();
    private readonly InferenceWorkspace[] waiting = new InferenceWorkspace[2 * Environment.ProcessorCount];
    private InferenceWorkspace? last;
    private int count;

    /// <summary>Takes one, or makes one.</summary>
    public InferenceWorkspace Rent()
    {
        if (Interlocked.Exchange(ref last, null) is { } workspace)
            return workspace;
        lock (gate)
        {
            if (count > 0)
                return waiting[--count];
        }

        return device.CreateWorkspace();
    }

    /// <summary>Gives one back; beyond what the processors can use, it is forgotten.</summary>
    /// <param name="workspace">The workspace.</param>
    public void Return(InferenceWorkspace workspace)
    {
        if (Interlocked.CompareExchange(ref last, workspace, null) is null)
            return;
        lock (gate)
        {
            if (count < waiting.Length)
                waiting[count++] = workspace;
        }
    }
}
