using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using ModelDsl.Ilgpu.Kernels;
using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Ilgpu.Tests.BuiltCode;

/// <summary>A device that stops working while a model is trained: what the error says, and how a run continues.</summary>
public sealed class DeviceLossTests : IDisposable
{
    private const string Source = "[Model, Input(3), Dense(4), Tanh, Dense(2), MeanSquaredError] public partial class Small;";
    private const int SampleCount = 12;

    private readonly BuiltProject project = new(Source);
    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl-loss-").FullName;

    public DeviceLossTests() => Assert.Equal(0, project.Build());

    public void Dispose()
    {
        project.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_error_names_device_step_kernel_and_checkpoint_and_the_same_call_continues()
    {
        var checkpoint = new CheckpointOptions(folder) { EverySteps = 1 };
        using var whole = new Run(project, launchesUntilLoss: null);
        whole.Fit(null);
        var perStep = whole.Cuda.Arguments.Count / 6;

        // Three steps are complete, and the fourth has begun: the first of the second epoch.
        var exception = Assert.Throws<DeviceLostException>(() =>
        {
            using var lost = new Run(project, (3 * perStep) + 2);
            lost.Fit(checkpoint);
        });
        Assert.Single(exception.History!.Epochs);
        Assert.Matches(
            @"^The device ILGPU's CPU accelerator.* was lost while Small was trained, in step 1 of epoch 2: the driver reports CUDA_ERROR_ILLEGAL_ADDRESS when the \w+ pass was started; "
            + @"the last kernel that was launched is .+SmallIlgpu\.\w+, and drivers report errors of kernels later\. .+ the same call of Fit continues from the last checkpoint, '.+'\.$",
            exception.Message);
        Assert.Contains(exception.History.Checkpoint!, exception.Message, StringComparison.Ordinal);

        using var second = new Run(project, launchesUntilLoss: null);
        Assert.NotNull(second.Fit(checkpoint).Resumed);
        for (var i = 0; i < whole.Model.Parameters.Count; i++)
            Assert.Equal(whole.Model.Parameters[i].ToArray(), second.Model.Parameters[i].ToArray());
    }

    [Fact]
    public void Without_checkpoints_the_error_says_how_to_have_some()
    {
        using var run = new Run(project, launchesUntilLoss: 1);
        var message = Assert.Throws<DeviceLostException>(() => run.Fit(null)).Message;
        Assert.EndsWith("training begins anew, because Trainer.Checkpoint is not set. With it, the same call of Fit continues a run.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_lost_before_its_first_checkpoint_begins_anew()
    {
        using var run = new Run(project, launchesUntilLoss: 1);
        var message = Assert.Throws<DeviceLostException>(() => run.Fit(new CheckpointOptions(folder))).Message;
        Assert.Contains("no checkpoint has been saved yet", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_device_stays_lost_and_can_be_disposed()
    {
        using var run = new Run(project, launchesUntilLoss: 0);
        var batch = Samples.Of(run.Model.Description, 4, seed: 1);
        var first = Assert.Throws<DeviceLostException>(() => run.Model.Forward(batch));
        Assert.Null(first.History);
        Assert.Contains("the forward pass was started", first.Problem, StringComparison.Ordinal);
        Assert.Equal(first.Problem, Assert.Throws<DeviceLostException>(() => run.Model.Parameters[0].ToArray()).Problem);
        Assert.Equal(first.Problem, Assert.Throws<DeviceLostException>(run.Device.Synchronize).Problem);
    }

    [Theory]
    [InlineData(CudaError.CUDA_ERROR_ILLEGAL_ADDRESS, true)]
    [InlineData(CudaError.CUDA_ERROR_ECC_UNCORRECTABLE, true)]
    [InlineData(CudaError.CUDA_ERROR_OUT_OF_MEMORY, false)]
    [InlineData(CudaError.CUDA_ERROR_INVALID_VALUE, false)]
    [InlineData(CudaError.CUDA_SUCCESS, false)]
    public void Errors_of_CUDA_after_which_a_device_is_lost(CudaError error, bool isLoss) => Assert.Equal(isLoss, DeviceLoss.IsLoss(error));

    [Theory]
    [InlineData(CLError.CL_DEVICE_NOT_AVAILABLE, true)]
    [InlineData(CLError.CL_OUT_OF_RESOURCES, true)]
    [InlineData(CLError.CL_OUT_OF_HOST_MEMORY, false)]
    [InlineData(CLError.CL_SUCCESS, false)]
    public void Errors_of_OpenCL_after_which_a_device_is_lost(CLError error, bool isLoss)
    {
        Assert.Equal(isLoss, DeviceLoss.IsLoss(error));
        Assert.Equal(isLoss ? error.ToString() : null, DeviceLoss.ErrorOf(new CLException(error)));
    }

    /// <summary>A model on a device of its own.</summary>
    private sealed class Run : IDisposable
    {
        public Run(BuiltProject project, int? launchesUntilLoss)
        {
            Cuda = new StandInCuda { LaunchesUntilLoss = launchesUntilLoss };
            Device = IlgpuDevice.CreateCpuAccelerator(null, new CudaDriver(Cuda, new(8, 0), new(7, 0)));
            Model = project.Create("Small", Device);
        }

        public StandInCuda Cuda { get; }

        public IlgpuDevice Device { get; }

        public Model Model { get; }

        /// <summary>Trains two epochs of three steps.</summary>
        public TrainingHistory Fit(CheckpointOptions? checkpoint)
        {
            var random = new Random(3);
            float[] x = [.. Enumerable.Range(0, SampleCount * 3).Select(_ => random.NextSingle())];
            float[] y = [.. Enumerable.Range(0, SampleCount * 2).Select(_ => random.NextSingle())];
            return new Trainer(new Adam(0.01)) { Epochs = 2, BatchSize = 4, Checkpoint = checkpoint, View = TrainingView.None }.Fit(Model, Dataset.FromArrays(x, y, targetLength: 2));
        }

        public void Dispose()
        {
            Model.Dispose();
            Device.Dispose();
        }
    }
}
