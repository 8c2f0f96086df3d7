using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator;

/// <summary>The conditions that every schedule must meet. A violation is a defect of the target, not an error of the user.</summary>
internal static class Legality
{
    /// <summary>Returns a plan after checking it against the limits of a target.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="target">The target of the plan.</param>
    /// <exception cref="InvalidGraphException">The plan exceeds the limits; the message says which kernel and why.</exception>
    public static GraphPlan Checked(GraphPlan plan, Target target)
    {
        foreach (var launch in plan.Copies.Concat(plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches)))
        {
            foreach (var storage in launch.Buffers)
            {
                Require(target.StorageTypes.Contains(storage.Type), launch, target, $"'{storage.Name}' holds elements of type {storage.Type}");
            }

            if (launch.Kernel.Partition is not ThreadGroups groups) continue;
            Require(groups.Threads <= target.Limits.Threads, launch, target, $"a group has {groups.Threads} threads, {target.Limits.Threads} are allowed");
            var shared = SharedBytes(launch.Kernel);
            Require(shared <= target.Limits.SharedBytes, launch, target, $"a group shares {shared} bytes, {target.Limits.SharedBytes} are allowed");
        }

        return plan;
    }

    private static int SharedBytes(Kernel kernel) =>
        kernel.Main.Body.OfType<DeclareArray>().Sum(memory => checked(memory.Length * (memory.Buffer.Element == BufferElement.Quad ? 4 : 1) * sizeof(float)));

    private static void Require(bool holds, Launch launch, Target target, string what)
    {
        if (!holds) throw new InvalidGraphException($"kernel '{launch.Kernel.Name}' is not legal for {target.Name}: {what}");
    }
}
