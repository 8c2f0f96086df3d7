using ModelDsl.Ilgpu.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.Devices;

/// <summary>Batches are copied while a step runs: alternately, completely, and as they were when the step began.</summary>
[Collection(SharedDevice.Name)]
public class UploadTests(SharedDevice shared)
{
    [StandardFact]
    public void Steps_that_are_not_waited_for_train_as_on_the_cpu()
    {
        using var cpu = new Classifier(seed: 5);
        using var gpu = new Classifier(seed: 5, shared.Device);
        var (onCpu, onGpu) = (new Sgd(0.1), new Sgd(0.1));

        // One batch object, filled anew each time, of sizes that grow: what is read late would be another batch's.
        for (var step = 0; step < 5; step++)
        {
            var batch = Samples.Of(cpu.Description, 2 + (4 * step), seed: step);
            Train(cpu, onCpu, batch);
            Train(gpu, onGpu, batch);
            batch.Floats(0).Clear();
        }

        for (var i = 0; i < cpu.Parameters.Count; i++)
            Near.Equal(cpu.Parameters[i].ToArray(), gpu.Parameters[i].ToArray(), cpu.Parameters[i].Name, 1e-4);

        static void Train(Model model, Optimizer optimizer, Batch batch)
        {
            model.Forward(batch);
            model.Backward(batch);
            optimizer.Update(model);
        }
    }
}
