using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>
/// A graph of a model as data, before it is differentiated and optimized for a target. The generator writes it if the project references a package that reads it.
/// </summary>
/// <param name="Nodes">The nodes. Operands come before their readers.</param>
/// <param name="Outputs">The values of the graph that are read outside it.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GraphDescription(GraphNode[] Nodes, GraphOutput[] Outputs);

/// <summary>A value of a graph that is read outside it.</summary>
/// <param name="Kind">The purpose of the value.</param>
/// <param name="Name">The name of the output.</param>
/// <param name="Node">The index of the node.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GraphOutput(GraphOutputKind Kind, string Name, int Node);

/// <summary>The purpose of an output of a graph.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum GraphOutputKind
{
    /// <summary>A raw output of the model, such as logits.</summary>
    Output,

    /// <summary>An output after the output activation of the loss, such as probabilities.</summary>
    OutputActivation,

    /// <summary>A value inside the network that <c>[Output]</c> names.</summary>
    Named,

    /// <summary>A result of a step of a loop: first the next carried values, then the outputs, then the terms of the totals.</summary>
    Step,

    /// <summary>The mean loss, a scalar.</summary>
    Loss,

    /// <summary>The value of a state after a training step. Its name is that of the state.</summary>
    State,
}

/// <summary>A loop over time. Each step computes the next carried values and reads one element of every sequence.</summary>
/// <param name="Steps">The number of steps.</param>
/// <param name="IsReversed">Whether the loop starts with the last element of each sequence.</param>
/// <param name="Carried">The number of carried values, whose initial values are the first operands.</param>
/// <param name="Sequences">The number of sequences, which are the next operands. The other operands are the same in all steps.</param>
/// <param name="Outputs">The number of values that are kept from every step. Further results are summed over the steps.</param>
/// <param name="Body">The computation of a step.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GraphLoop(int Steps, bool IsReversed, int Carried, int Sequences, int Outputs, GraphDescription Body);
