using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;

namespace ModelDsl.Onnx.Patterns;

/// <summary>The step of a recurrence for which ONNX has an operator.</summary>
/// <param name="Operator">The operator.</param>
/// <param name="Gates">The blocks of rows of the weights, in the order in which the operator expects them.</param>
/// <param name="Weight">The operand of the loop with the weights of the state.</param>
/// <param name="Bias">The operand of the loop with the bias of the products with the state; −1 if the step adds none.</param>
internal sealed record RecurrentStep(string Operator, int[] Gates, int Weight, int Bias = -1)
{
    /// <summary>Reads the step of a loop; null if ONNX has no operator for it.</summary>
    public static RecurrentStep? Of(GraphLoop loop) => new Reader(loop).Read();

    private sealed class Reader(GraphLoop loop)
    {
        private int units;

        public RecurrentStep? Read()
        {
            int[] next = [.. loop.Body.Outputs.Select(output => output.Node)];
            if (loop.Sequences != 1 || next.Length != loop.Carried || Node(next[0]) is not { Kind: GraphNodeKind.Map, Shape: [-1, var width] } hidden)
                return null;
            units = width;
            return (loop.Carried, next.Length) switch
            {
                (2, 2) => Lstm(hidden, next[1]),
                (1, 1) => Gru(hidden) ?? Rnn(hidden),
                _ => null,
            };
        }

        private RecurrentStep? Lstm(GraphNode hidden, int cellNumber)
        {
            var cell = Node(cellNumber);
            if (!BodyPattern.Matches(hidden, "Multiply(x0,Tanh(x1))") || hidden.Operands[1].Node != cellNumber || !BodyPattern.Matches(cell, "Add(Multiply(x0,x1),Multiply(x2,x3))") || !IsValue(cell.Operands[1].Node, 1))
                return null;
            int[] gates = [.. new[] { cell.Operands[2], cell.Operands[0], cell.Operands[3], hidden.Operands[0] }.Select(gate => gate.Node)];
            if (!gates.Select((gate, at) => BodyPattern.Matches(Node(gate), at == 2 ? "Tanh(x0)" : "Sigmoid(x0)")).All(isGate => isGate))
                return null;
            int[] rows = [.. gates.Select(gate => Node(gate).Operands[0].Node)];
            if (Node(rows[0]).Operands is not [{ Node: var all }] || !rows.Select((row, at) => IsRows(row, all, at)).All(isRow => isRow))
                return null;
            return BodyPattern.Matches(Node(all), "Add(x0,x1)") && IsValue(Node(all).Operands[1].Node, loop.Carried) && Product(Node(all).Operands[0].Node) is { } weight
                ? new("LSTM", [0, 3, 1, 2], weight)
                : null;
        }

        private RecurrentStep? Gru(GraphNode hidden)
        {
            if (!BodyPattern.Matches(hidden, "Add(x1,Multiply(x0,Subtract(x2,x1)))") || !IsValue(hidden.Operands[2].Node, 0))
                return null;
            var (update, candidate) = (Node(hidden.Operands[0].Node), Node(hidden.Operands[1].Node));
            if (!BodyPattern.Matches(update, "Sigmoid(Add(x0,x1))") || !BodyPattern.Matches(candidate, "Tanh(Add(x0,Multiply(x1,x2)))"))
                return null;
            var reset = Node(candidate.Operands[1].Node);
            if (!BodyPattern.Matches(reset, "Sigmoid(Add(x0,x1))") || Node(reset.Operands[0].Node).Operands is not [{ Node: var input }] || Node(reset.Operands[1].Node).Operands is not [{ Node: var products }])
                return null;
            (GraphNode Gate, int OfInput, int OfState)[] gates = [(reset, 0, 1), (update, 0, 1), (candidate, 0, 2)];
            var areRows = gates.Select((gate, at) => IsRows(gate.Gate.Operands[gate.OfInput].Node, input, at) && IsRows(gate.Gate.Operands[gate.OfState].Node, products, at)).All(isRow => isRow);
            if (!areRows || !IsValue(input, loop.Carried))
                return null;
            var bias = -1;
            if (BodyPattern.Matches(Node(products), "Add(x0,x1)") && Node(Node(products).Operands[1].Node) is { Kind: GraphNodeKind.LoopValue } added && Node(products).Operands[1].Map.Are(1))
                (bias, products) = (added.Number, Node(products).Operands[0].Node);
            return Product(products) is { } weight ? new("GRU", [1, 0, 2], weight, bias) : null;
        }

        private RecurrentStep? Rnn(GraphNode hidden) =>
            BodyPattern.Matches(hidden, "Tanh(Add(x0,x1))") && IsValue(hidden.Operands[1].Node, loop.Carried) && Product(hidden.Operands[0].Node) is { } weight ? new("RNN", [0], weight) : null;

        private GraphNode Node(int number) => loop.Body.Nodes[number];

        private bool IsValue(int number, int operand) => Node(number) is { Kind: GraphNodeKind.LoopValue } value && value.Number == operand;

        /// <summary>Whether a node is a block of the rows of another.</summary>
        private bool IsRows(int number, int all, int block) =>
            Node(number) is { Kind: GraphNodeKind.View, Shape: [-1, var width], Operands: [var operand] } && operand.Node == all && width == units
            && (operand.Map is null ? block == 0 : operand.Map is [var first, { Terms: [{ Axis: 1, Scale: 1 }] } row] && first.IsAxis(0) && row.Offset == block * units);

        /// <summary>The operand with the weights that a node multiplies the state by; null if it does not.</summary>
        private int? Product(int number) =>
            Node(number) is { Kind: GraphNodeKind.Contract, Domain.Length: 3, Operands: [var state, var weight] } product && product.Output.Are(0, 2) && weight.Map.Are(2, 1)
            && (state.Map is null || state.Map.Are(0, 1)) && IsValue(state.Node, 0) && Node(weight.Node) is { Kind: GraphNodeKind.LoopValue } value
                ? value.Number
                : null;
    }
}
