using System.CommandLine;
using ModelDsl.Benchmarks.Gpu.Session;
using ModelDsl.Benchmarks.Kernels;

namespace ModelDsl.Benchmarks.Gpu.Launches;

/// <summary>The command that measures the kernels of products of two large matrices.</summary>
internal static class ProductCommand
{
    public static Command Create()
    {
        var kind = DeviceKinds.Option(DeviceKinds.OfIlgpu);
        var rows = new Option<int>("--rows") { Description = $"The rows of the left matrix. The right one has {ProductModel.Size} rows and columns.", DefaultValueFactory = _ => ProductModel.Size };
        var command = new Command("product", "Measures the kernels of a product and of the gradient of its weights, and prints a line of JSON for each.") { kind, rows };
        command.SetAction(options => CommandErrors.Report(() =>
        {
            Measure(options.GetValue(kind)!, options.GetValue(rows));
            return 0;
        }));
        return command;
    }

    private static void Measure(string kind, int rows)
    {
        TimingDriver? driver = null;
        using var device = DeviceKinds.OpenIlgpu(kind, inner => driver = new TimingDriver(inner));
        if (driver is null)
            throw new InvalidOperationException($"{device.Name} has no launches to measure.");
        using var model = new ProductModel(seed: 1, device);
        var batch = RandomBatch.Of(model.Description, rows, seed: 1);
        Step();
        device.Synchronize();
        driver.Synchronize = device.Synchronize;
        Step();
        driver.Synchronize = null;

        // A product and a sum for each pair of elements; the gradient of the weights is as large as the product.
        var flops = 2.0 * rows * ProductModel.Size * ProductModel.Size;
        foreach (var launch in driver.Launches.Where(static one => one.Name is "Dense1" or "Dense1WeightGradient"))
        {
            JsonLine.Print("product", new()
            {
                ["kernel"] = launch.Name,
                ["rows"] = rows,
                ["size"] = ProductModel.Size,
                ["ms"] = Math.Round(launch.Seconds * 1e3, 4),
                ["gflops"] = Math.Round(flops / launch.Seconds / 1e9, 1),
                ["device"] = device.Name,
                ["kernels"] = device.KernelReport,
            });
        }

        void Step()
        {
            model.Forward(batch);
            model.Backward(batch);
        }
    }
}
