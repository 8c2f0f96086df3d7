using ModelDsl.Ilgpu.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.Results;

/// <summary>The kernels that only CUDA launches, on ILGPU's CPU accelerator: they compute the bits of the kernels that other devices launch instead.</summary>
[Collection(SharedDevice.Name)]
public sealed class JointKernelTests
{
    private static readonly Lazy<GeneratedModels> Models = new(() => GeneratedModels.Of("""
        [Model, Input(20), Dense(33), Relu, Dropout(0.2), Dense(20), Relu, Dense(4), SoftmaxCrossEntropy] public partial class Layered;
        [Model, Input(8, 8, 3), Conv2D(5, 3), BatchNorm, Relu, MaxPool2D(2), Conv2D(6, 3), Relu, Flatten, Dense(9), Relu, Dense(3), SoftmaxCrossEntropy] public partial class Pictures;
        [Model, Input(6, 8), LayerNorm, SelfAttention(2), LayerNorm, Dense(12), Gelu, Dense(8), Flatten, Dense(3), SoftmaxCrossEntropy] public partial class Attending;
        [Model, Input(5, 4), Lstm(6), Flatten, Dense(3), SoftmaxCrossEntropy] public partial class Recalling;
        """));

    /// <summary>ILGPU's CPU accelerator takes its time: all models in the long tier alone.</summary>
    public static TheoryData<string> Names => TestScale.IsLong ? ["Layered", "Pictures", "Attending", "Recalling"] : ["Layered"];

    [StandardTheory]
    [MemberData(nameof(Names))]
    public void Joint_kernels_have_the_bits_of_their_parts(string name)
    {
        var (parts, launchesOfParts) = Train(name, joinsKernels: false);
        var (joint, launchesOfJoint) = Train(name, joinsKernels: true);
        Assert.NotEqual(launchesOfParts, launchesOfJoint);
        Assert.Equal(parts, joint);
    }

    /// <summary>The loss, outputs and parameters after two steps, and the number of kernels.</summary>
    private static (float[] Results, int Kernels) Train(string name, bool joinsKernels)
    {
        using var device = IlgpuDevice.CreateCpuAccelerator(null, joinsKernels: joinsKernels);
        using var model = Models.Value.Create(name, 3, device);
        var optimizer = new Sgd(0.1);
        for (var step = 0; step < 2; step++)
        {
            var batch = Samples.Of(model.Description, 3, seed: step);
            model.Forward(batch);
            model.Backward(batch);
            optimizer.Update(model);
        }

        return ([model.LastLoss, .. model.LastOutputs(), .. model.Parameters.SelectMany(parameter => parameter.ToArray())], device.Kernels.CompiledCount);
    }
}
