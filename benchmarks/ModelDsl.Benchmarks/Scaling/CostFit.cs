namespace ModelDsl.Benchmarks.Scaling;

/// <summary>Finds the costs of a step that explain measured durations best: the least squares of relative errors, without negative costs.</summary>
internal static class CostFit
{
    private const int Costs = 4;

    /// <summary>The least share of a column that must not be a combination of the columns before it.</summary>
    private const double LeastShare = 1e-10;

    /// <summary>Fits the costs.</summary>
    /// <param name="steps">Measured steps, of at least two batch sizes and two numbers of ranks.</param>
    /// <param name="floats">The number of gradients.</param>
    /// <param name="cores">The number of cores of the machine: more ranks share them.</param>
    /// <returns>The costs, and the largest relative error.</returns>
    /// <exception cref="ArgumentException">The steps do not determine the costs.</exception>
    public static (StepCosts Costs, double Error) Of(IReadOnlyList<MeasuredStep> steps, int floats, int cores)
    {
        // Over numbers of ranks alone, the costs of parts, of steps and of exchanges cannot be told apart: their numbers depend linearly on each other.
        if (Kinds(static step => step.Samples) < 2 || Kinds(static step => step.Ranks) < 2 || Kinds(static step => step.Parts) < 2 || steps.Count < Costs)
            throw new ArgumentException($"There are {steps.Count} measured steps: four costs need at least {Costs}, of two batch sizes and two numbers of ranks, and of one process without a group.", nameof(steps));
        var rows = steps.Select(step => Row(step, floats, cores)).ToArray();
        double[] seconds = [.. steps.Select(static step => step.Seconds)];
        var costs = Solve(rows, seconds);
        var errors = rows.Zip(seconds, (row, measured) => Math.Abs((row.Zip(costs, static (count, cost) => count * cost).Sum() / measured) - 1));
        return (new StepCosts(costs[0], costs[1], costs[2], costs[3]), errors.Max());

        int Kinds(Func<MeasuredStep, int> property) => steps.Select(property).Distinct().Count();
    }

    /// <summary>How often a step has each of the costs.</summary>
    private static double[] Row(MeasuredStep step, int floats, int cores)
    {
        var schedule = new StepSchedule(step.Ranks, step.Samples, floats) { AllParts = step.Parts };
        var sharing = Math.Max(1, (double)step.Ranks / cores);
        return [sharing * schedule.Parts, sharing * schedule.Parts * schedule.SamplesPerPart, sharing, sharing * 2 * (1 - (1.0 / step.Ranks))];
    }

    private static double[] Solve(double[][] rows, double[] seconds)
    {
        // Without the costs that would be negative, one after the other.
        var used = Enumerable.Range(0, Costs).ToList();
        while (true)
        {
            var found = Normal(rows, seconds, used);
            var least = Array.IndexOf(found, found.Min());
            if (found[least] >= 0)
            {
                var costs = new double[Costs];
                foreach (var (index, cost) in used.Index())
                    costs[cost] = found[index];
                return costs;
            }

            used.RemoveAt(least);
        }
    }

    /// <summary>Solves the normal equations of the rows, divided by the durations.</summary>
    private static double[] Normal(double[][] rows, double[] seconds, List<int> used)
    {
        var size = used.Count;
        var matrix = new double[size, size + 1];
        foreach (var (row, duration) in rows.Zip(seconds))
        {
            for (var i = 0; i < size; i++)
            {
                for (var k = 0; k < size; k++)
                    matrix[i, k] += row[used[i]] / duration * row[used[k]] / duration;
                matrix[i, size] += row[used[i]] / duration;
            }
        }

        double[] diagonal = [.. Enumerable.Range(0, size).Select(i => matrix[i, i])];
        for (var pivot = 0; pivot < size; pivot++)
        {
            if (!(matrix[pivot, pivot] > LeastShare * diagonal[pivot]))
            {
                throw new ArgumentException(
                    "The measured steps do not determine the costs: their numbers of parts, samples and ranks depend linearly on each other. Measure one process without a group, "
                    + "and 1, 2 and 4 ranks, each with two batch sizes.", nameof(rows));
            }

            for (var i = 0; i < size; i++)
            {
                if (i == pivot)
                    continue;
                var factor = matrix[i, pivot] / matrix[pivot, pivot];
                for (var k = pivot; k <= size; k++)
                    matrix[i, k] -= factor * matrix[pivot, k];
            }
        }

        return [.. Enumerable.Range(0, size).Select(i => matrix[i, size] / matrix[i, i])];
    }
}
