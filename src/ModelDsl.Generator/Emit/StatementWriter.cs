using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit;

/// <summary>Statements of kernels as C#: here those every target writes alike.</summary>
/// <param name="writer">Where they are written.</param>
internal abstract class StatementWriter(CodeWriter writer)
{
    /// <summary>Where the statements are written.</summary>
    protected CodeWriter Writer { get; } = writer;

    /// <summary>The random key and step, for functions that draw numbers.</summary>
    public static IEnumerable<string> RandomArguments(Function function) => function.IsRandom ? ["seed", "number"] : [];

    /// <summary>The same as parameters.</summary>
    public static IEnumerable<string> RandomParameters(Function function) => function.IsRandom ? ["ulong seed", "uint number"] : [];

    /// <summary>Writes statements one after the other.</summary>
    public void Write(IReadOnlyList<Statement> statements)
    {
        foreach (var statement in statements) Write(statement);
    }

    /// <summary>The text of a single number.</summary>
    protected abstract string Scalar(Value value);

    /// <summary>Writes a statement.</summary>
    protected virtual void Write(Statement statement)
    {
        switch (statement)
        {
            case Declare declare:
                Writer.Line($"{(declare.Value is LoadScalar ? "float" : "var")} {declare.Name} = {Scalar(declare.Value)};");
                break;
            case Assign assign:
                Writer.Line($"{assign.Name} = {Scalar(assign.Value)};");
                break;
            case StoreScalar store:
                Writer.Line($"{store.Buffer}[{store.Offset}] = {Scalar(store.Value)};");
                break;
            case DeclareIndex index:
                Writer.Line($"var {index.Name} = {index.Value};");
                break;
            case LoadIndex load:
                Writer.Line($"var {load.Name} = {load.Buffer}[{load.Offset}];");
                break;
            case Loop loop:
                var step = loop.Step.Literal == 1 ? $"{loop.Variable}++" : $"{loop.Variable} += {loop.Step}";
                using (Writer.Block($"for (var {loop.Variable} = {loop.From}; {loop.Variable} < {loop.To}; {step})")) Write(loop.Body);
                break;
            case Remark remark:
                Writer.Line(Comments.Line(remark.Text));
                break;
            default:
                throw new InvalidOperationException($"{statement.GetType().Name} cannot be written.");
        }
    }
}
