using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>
/// The members of a model with a mistake: they are all there, so that code that uses the model still compiles and the mistake is the only error, and
/// each throws its message.
/// </summary>
internal static class BrokenModelWriter
{
    /// <summary>The constant by which the analyzer learns that the compiler crashed: only the generator gets that far.</summary>
    public const string CrashConstant = "GeneratedInternalError";

    /// <param name="type">The class.</param>
    /// <param name="message">What its members throw.</param>
    /// <param name="crash">What went wrong in the compiler, or null for a mistake of the user.</param>
    /// <param name="takesTokens">Whether its input are tokens.</param>
    public static string Write(TypeSpec type, string message, string? crash, bool takesTokens) => TypeWriter.Write(
        type,
        writer => writer.Summary([$"{type.Name} does not compile: {message}"]),
        writer =>
        {
            var element = takesTokens ? "int" : "float";
            writer.Line($"private const string GeneratedMessage = {Literals.Text(message)};");
            if (crash is not null) writer.Line($"private const string {CrashConstant} = {Literals.Text(crash)};");
            writer.Line();
            using (writer.Block($"public {ProgramNames.Identifier(type)}(int seed = 0, global::ModelDsl.Device? device = null)\n    : base(null!, seed, device)"))
            {
                writer.Line("throw new global::System.InvalidOperationException(GeneratedMessage);");
            }

            Throwing($"public static {ProgramNames.Identifier(type)} FromFile(string path, global::ModelDsl.Device? device = null)");
            Predicting("Predict");
            Predicting("PredictLogits");

            Throwing("protected override global::ModelDsl.Compiled.CpuProgram CreateCpuProgram(int vectorBits)");

            void Predicting(string name)
            {
                Throwing($"public void {name}(global::System.ReadOnlySpan<{element}> input, global::System.Span<float> predictions)");
                Throwing($"public float[] {name}(global::System.ReadOnlySpan<{element}> input)");
            }

            void Throwing(string header)
            {
                writer.Line();
                writer.Line($"{header} => throw new global::System.InvalidOperationException(GeneratedMessage);");
            }
        });
}
