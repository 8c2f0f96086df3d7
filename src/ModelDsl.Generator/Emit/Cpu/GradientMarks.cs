using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>
/// Marks in a backward pass from which offset on all gradients are final, so that ranks can exchange them while the pass continues. The pass completes gradients roughly from the last to the first, because the
/// buffer has the order of the layers.
/// </summary>
internal sealed class GradientMarks
{
    /// <summary>The method that the generated text calls.</summary>
    public const string Method = "GradientsCompleted";

    /// <summary>Fewer floats have no mark of their own: their exchange would take less time than its beginning. Small models have no marks.</summary>
    private const int LeastFloats = 16 * 1024;

    // The phases after which gradients are final, with the offset of the first of them.
    private readonly Dictionary<Phase, int> final = [];
    private int marked;
    private int ended;

    /// <summary>Finds where a plan completes gradients.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="parts">The parts that the method runs. Gradients that no phase of them writes are final before.</param>
    public GradientMarks(GraphPlan plan, IEnumerable<PlanPart> parts)
    {
        var phases = parts.SelectMany(part => part.Phases).ToList();
        var last = LastWrites(phases);
        marked = ended = plan.Storages.Parameters.TrainableFloats;
        var latest = -1;
        foreach (var slot in plan.Storages.Parameters.Slots.Where(slot => !slot.Parameter.Frozen).OrderByDescending(slot => slot.Offset))
        {
            latest = Math.Max(latest, last.TryGetValue(slot.Offset, out var phase) ? phase : -1);
            if (latest < 0) ended = slot.Offset;
            else final[phases[latest]] = slot.Offset;
        }
    }

    /// <summary>Continues after a phase.</summary>
    public void Ended(Phase phase)
    {
        if (final.TryGetValue(phase, out var from)) ended = from;
    }

    /// <summary>Writes a mark if enough gradients are final. All workers must have completed the phases that have ended.</summary>
    /// <param name="writer">The writer of the pass.</param>
    public void Write(CodeWriter writer)
    {
        if (marked - ended < LeastFloats) return;
        writer.Line($"{Method}(worker, {Literals.Int(ended)}, {Literals.Int(marked)});");
        marked = ended;
    }

    /// <summary>The last phase that writes the gradients at an offset. The phases of a loop end together.</summary>
    private static Dictionary<int, int> LastWrites(List<Phase> phases)
    {
        var last = new Dictionary<int, int>();
        for (var number = 0; number < phases.Count; number++)
        {
            var end = phases[number].Loop is { } loop ? phases.FindLastIndex(phase => phase.Loop == loop) : number;
            foreach (var launch in phases[number].Launches)
            {
                for (var buffer = 0; buffer < launch.Buffers.Count; buffer++)
                {
                    var storage = launch.Buffers[buffer].Whole;
                    if (storage.Space == Space.Gradients && launch.Kernel.Main.Buffers[buffer].Written) last[storage.Offset] = end;
                }
            }
        }

        return last;
    }
}
