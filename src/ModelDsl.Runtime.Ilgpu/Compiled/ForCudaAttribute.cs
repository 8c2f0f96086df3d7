using System.ComponentModel;

namespace ModelDsl.Ilgpu.Compiled;

/// <summary>A kernel that is launched on CUDA only, or on all devices except CUDA. Generated code has it, and the build writes no code of the kernel for other devices.</summary>
/// <param name="isUsed">Whether the kernel is launched on CUDA only; otherwise it is launched on all other devices.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Method)]
public sealed class ForCudaAttribute(bool isUsed) : Attribute
{
    /// <summary>Whether the kernel is launched on CUDA only; otherwise it is launched on all other devices.</summary>
    public bool IsUsed { get; } = isUsed;
}
