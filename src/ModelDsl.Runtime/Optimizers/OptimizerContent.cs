using System.Buffers;
using ModelDsl.Checkpoints;
using ModelDsl.Devices;

namespace ModelDsl.Optimizers;

/// <summary>A state of an optimizer for one parameter, in the parameter's logical shape: the layouts of devices may differ.</summary>
/// <param name="parameter">The parameter.</param>
/// <param name="state">The state buffer.</param>
/// <param name="start">The offset of the buffer in the parameter buffer.</param>
internal sealed class OptimizerContent(Parameter parameter, DeviceBuffer state, int start)
    : TensorContent(parameter.Name, "F32", [.. parameter.Shape])
{
    public override void Write(Stream stream)
    {
        var values = ArrayPool<float>.Shared.Rent(parameter.Count);
        parameter.ReadAll(state, parameter.Description.Offset - start, values.AsSpan(0, parameter.Count));
        LittleEndian.Write(stream, values.AsSpan(0, parameter.Count));
        ArrayPool<float>.Shared.Return(values);
    }
}
