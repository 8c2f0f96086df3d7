using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Ilgpu;

/// <summary>Values of one thread as C# expressions.</summary>
internal static class ValueRenderer
{
    /// <summary>The package's functions for kernels.</summary>
    private const string Functions = "KernelMath";

    private const string Lanes = "XYZW";

    public static string Render(Value value) => ScalarText.Of(value, Render) ?? value switch
    {
        QuadLane lane => $"{lane.Quad}.{Lanes[lane.Lane]}",
        Guarded guarded => $"{Render(guarded.Conditions)} ? {Render(guarded.Inside)} : 0f",
        RoundedToTf32 rounded => $"TensorCores.Round({Render(rounded.Exact)})",
        RandomNumber random => $"{Functions}.Uniform(seed, number, (uint){random.Stream}, (uint){Parentheses.Around(random.Row)}, (uint){Parentheses.Around(random.Element)})",
        Operation operation => $"{Functions}.{operation.Op}({string.Join(", ", operation.Args.Select(Render))})",
        _ => throw new InvalidOperationException($"{value.GetType().Name} is no value of one thread."),
    };

    public static string Render(IEnumerable<Condition> conditions) =>
        string.Join(" && ", conditions.Select(condition => $"{condition.Left} {(condition.Operator == '=' ? "==" : "<")} {condition.Right}"));
}
