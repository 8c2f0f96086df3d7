using System.Text;

namespace ModelDsl.Onnx.Importer.Emit;

/// <summary>Writes expressions as the statements of a method: a value that is read once stays within the expression that reads it, if the line is not too long.</summary>
internal sealed class BodyWriter
{
    private const int LongestLine = 130;

    private readonly Dictionary<Code, string> texts = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Code> isVariable = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Code, int> uses = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> names;
    private readonly StringBuilder statements = new();

    /// <param name="outputs">The expressions of the results.</param>
    /// <param name="taken">Names that variables must not have.</param>
    public BodyWriter(IReadOnlyList<Code> outputs, IEnumerable<string> taken)
    {
        names = [.. taken, .. Keywords.All];
        Order = Sorted(outputs);
        foreach (var code in Order.SelectMany(code => code.Operands).Concat(outputs)) uses[code] = uses.GetValueOrDefault(code) + 1;
        foreach (var code in Order) Write(code);
        Results = [.. outputs.Select(output => texts[output])];
    }

    /// <summary>All expressions, each after its operands.</summary>
    public IReadOnlyList<Code> Order { get; }

    /// <summary>The expressions of the results.</summary>
    public IReadOnlyList<string> Results { get; }

    /// <summary>The statements before.</summary>
    public string Statements => statements.ToString();

    private static List<Code> Sorted(IEnumerable<Code> outputs)
    {
        var (order, seen) = (new List<Code>(), new HashSet<Code>(ReferenceEqualityComparer.Instance));

        // A stack of its own: graphs are deeper than the stack of a thread.
        var stack = new Stack<(Code Code, int Next)>();
        foreach (var output in outputs)
        {
            if (!seen.Add(output)) continue;
            stack.Push((output, 0));
            while (stack.TryPop(out var top))
            {
                if (top.Next == top.Code.Operands.Count)
                {
                    order.Add(top.Code);
                    continue;
                }

                stack.Push((top.Code, top.Next + 1));
                var operand = top.Code.Operands[top.Next];
                if (seen.Add(operand)) stack.Push((operand, 0));
            }
        }

        return order;
    }

    private void Write(Code code)
    {
        var operands = code.Operands.Select((operand, index) =>
            !isVariable.Contains(operand) && operand.Precedence < code.PlaceOf(index) ? $"({texts[operand]})" : texts[operand]).ToList();
        var text = code.Text(operands);
        var isRead = uses[code] == 1;
        if (code.IsName || (isRead && text.Length <= LongestLine))
        {
            texts[code] = text;
            return;
        }

        var name = Unique(Identifier.Of(code.Name));
        statements.Append("        var ").Append(name).Append(" = ").Append(text).Append(";\n");
        texts[code] = name;
        isVariable.Add(code);
    }

    private string Unique(string name)
    {
        var (unique, number) = (name, 1);
        while (!names.Add(unique)) unique = $"{name}_{++number}";
        return unique;
    }
}
