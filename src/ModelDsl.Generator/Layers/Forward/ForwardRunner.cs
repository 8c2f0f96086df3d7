using System.Runtime.CompilerServices;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Parsing.Bodies;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// Lowers a <c>Forward</c> method: runs it on values of the graph and on values that are known when the model is compiled. Its layers are lowered like those of a
/// list. This part runs statements.
/// </summary>
internal sealed partial class ForwardRunner
{
    // Values that are known at build time may lead to endless loops or calls.
    private const int MostSteps = 4_000_000;
    private const int MostRounds = 10_000;

    // The cost of a tensor operation relative to a number, because it creates nodes of a graph.
    private const int StepsOfTensor = 60;
    private const int MostCalls = 200;

    private readonly ForwardSpec forward;
    private readonly BlockArguments arguments;
    private readonly LoweringState state;
    private readonly Dictionary<int, BlockInstance> fields = [];
    private readonly Dictionary<LayerSpec, LayerValue> weights = [];
    private readonly BlockScope home;
    private BlockScope block;
    private Dictionary<Node, Node>? measured;
    private int calls;

    /// <summary>Prepares the runs of a class's methods in one instance of the class, which owns its fields and weights.</summary>
    public ForwardRunner(ForwardSpec forward, BlockArguments arguments, BlockScope block, LoweringState state) =>
        (this.forward, this.arguments, this.state, home, this.block) = (forward, arguments, state, block, block);

    /// <summary>Returns the result of the Forward method of a block; null after reporting.</summary>
    public static LayerValue? Run(ForwardSpec forward, BlockArguments arguments, BlockScope block, LoweringState state, IReadOnlyList<LayerValue> inputs) =>
        forward.IsReadable ? (LayerValue?)new ForwardRunner(forward, arguments, block, state).Run(forward.Methods[0], inputs) : null;

    /// <summary>Returns the outputs of a model; null after reporting.</summary>
    public IReadOnlyList<LayerValue>? RunModel(IReadOnlyList<LayerValue> inputs)
    {
        if (!forward.IsReadable || Run(forward.Methods[0], inputs) is not { } result) return null;
        LayerValue[] outputs = result is object[] items ? [.. items.Cast<LayerValue>()] : [(LayerValue)result];

        // The loss reports a single output of token ids.
        return outputs.All(output => IsOfSamples(output) && (outputs.Length == 1 || TensorFunctions.AreNumbers(ScopeOfResult(output), output))) ? outputs : null;
    }

    /// <summary>Returns the loss of each element or position that a method computes; null after reporting.</summary>
    /// <param name="method">The index of the method.</param>
    /// <param name="given">The arguments.</param>
    /// <param name="activated">Receives, for each value that the loss measures, the output for users.</param>
    public LayerValue? RunLoss(int method, IReadOnlyList<LayerValue> given, Dictionary<Node, Node> activated)
    {
        measured = activated;
        var result = (LayerValue?)Run(forward.Methods[method], given);
        measured = null;
        return result is not null && IsOfSamples(result) && TensorFunctions.AreNumbers(ScopeOfResult(result), result) ? result : null;
    }

    private object? Run(MethodSpec method, IReadOnlyList<LayerValue> given)
    {
        var next = 0;
        try
        {
            return Call(method, [.. Enumerable.Range(0, method.Parameters).Select(index => index == method.Training ? (object)state.Training : given[next++])]);
        }
        catch (Stop)
        {
            return null;
        }
    }

    /// <summary>Whether a result has a batch axis; false after reporting.</summary>
    private bool IsOfSamples(LayerValue result)
    {
        if (result.Shape.HasBatch) return true;
        ScopeOfResult(result).NotAccepted("a value of each sample, [N, …]", "what is returned has to depend on an input");
        return false;
    }

    private LayerScope ScopeOfResult(LayerValue result)
    {
        var spec = new LayerSpec("return", EquatableArray<ArgumentSpec>.Empty, EquatableArray<string>.Empty, result.Trail!.Site);
        return new(state, block, new LayerCall(spec), "return", result);
    }

    private object Call(MethodSpec method, object[] given)
    {
        var frame = new Frame(method);
        for (var i = 0; i < given.Length; i++) frame.Variables[i] = given[i];
        if (++calls > MostCalls) throw Fail(frame, method.Body.Node, "the method calls itself again and again");
        var flow = Run(method.Body, frame);
        calls--;
        return flow == Flow.Return ? frame.Result! : throw ReportedByCompiler(frame, method.Body.Node);
    }

    /// <summary>Runs the Forward method of the model for a call by a loss: the same network again, with the same weights and names.</summary>
    private object CallForward(object[] given)
    {
        var losses = measured;
        measured = null;
        try
        {
            return Within(new BlockScope(block.Owner, "", block.Depth, block.IsFrozen), () => Call(forward.Methods[0], given));
        }
        finally
        {
            measured = losses;
        }
    }

    /// <summary>Runs a function with a separate scope for names; equal names are equal weights.</summary>
    private T Within<T>(BlockScope scope, Func<T> run)
    {
        var outer = block;
        block = scope;
        try
        {
            return run();
        }
        finally
        {
            block = outer;
        }
    }

    private Flow Run(BodyStatement statement, Frame frame)
    {
        switch (statement)
        {
            case BlockStatement list:
                foreach (var inner in list.Statements)
                {
                    var flow = Run(inner, frame);
                    if (flow != Flow.Next) return flow;
                }

                return Flow.Next;

            case AssignStatement assign:
                Assign(assign, frame);
                return Flow.Next;

            case AssignElementStatement assign:
                var (items, index) = Element(assign.List, assign.Index, assign.Node, frame);
                var value = Evaluate(assign.Value, frame);
                items[index] = assign.Number is { } number ? Known(frame, assign.Node, () => BuildTime.Convert(number, value), "") : value;
                return Flow.Next;

            case IfStatement branch:
                return Truth(branch.Condition, frame) ? Run(branch.Then, frame) : branch.Otherwise is { } otherwise ? Run(otherwise, frame) : Flow.Next;

            case LoopStatement loop:
                return Loop(loop, frame);

            case ForEachStatement each:
                foreach (var item in (object[])Evaluate(each.List, frame))
                {
                    Set(each.Variable, item, frame, each.Node);
                    var flow = Run(each.Body, frame);
                    if (flow == Flow.Return) return flow;
                    if (flow == Flow.Break) break;
                }

                return Flow.Next;

            case JumpStatement jump:
                return jump.LeavesLoop ? Flow.Break : Flow.Continue;

            case ReturnStatement back:
                frame.Result = Evaluate(back.Value, frame);
                return Flow.Return;

            default:
                throw new InvalidOperationException($"No statement is called {statement.GetType().Name}.");
        }
    }

    private Flow Loop(LoopStatement loop, Frame frame)
    {
        Run(loop.Before, frame);
        for (var round = 0; (round == 0 && !loop.TestsFirst) || loop.Condition is null || Truth(loop.Condition, frame); round++)
        {
            if (round == MostRounds) throw Fail(frame, loop.Condition?.Node ?? loop.Node, "the loop does not seem to end");
            var flow = Run(loop.Body, frame);
            if (flow == Flow.Return) return flow;
            if (flow == Flow.Break) break;
            Run(loop.After, frame);
        }

        return Flow.Next;
    }

    private void Assign(AssignStatement assign, Frame frame)
    {
        var value = Evaluate(assign.Value, frame);
        if (assign.Variables.Count == 1)
        {
            Set(assign.Variables[0], value, frame, assign.Node);
            return;
        }

        var items = (object[])value;
        for (var i = 0; i < items.Length; i++) Set(assign.Variables[i], items[i], frame, assign.Node);
    }

    /// <summary>Assigns a value to a variable, and converts a number to its type.</summary>
    private void Set(AssignmentTarget variable, object item, Frame frame, NodeReference at)
    {
        if (variable.Index < 0) return;
        frame.Variables[variable.Index] = variable.Number is { } number ? Known(frame, at, () => BuildTime.Convert(number, item), "") : item;
    }

    private void Step(Frame frame, NodeReference at)
    {
        state.Cancellation.ThrowIfCancellationRequested();
        if (++state.Steps > MostSteps) throw Fail(frame, at, "it takes too many steps");
        try
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
        }
        catch (InsufficientExecutionStackException)
        {
            throw Fail(frame, at, "it is nested too deeply");
        }
    }

    /// <summary>Reports code that C# does not allow, for which the C# compiler reports an error.</summary>
    private Stop ReportedByCompiler(Frame frame, NodeReference at) => Report(Problem.At(Problem.ReportedByCompiler, frame.Method.SiteOf(at)));

    private Stop Fail(Frame frame, NodeReference at, string reason) => Report(Problem.At(Descriptors.BuildTimeValue.Id, frame.Method.SiteOf(at), reason));

    private Stop Report(Problem problem)
    {
        state.Report(problem);
        return new Stop();
    }

    private enum Flow
    {
        Next,
        Break,
        Continue,
        Return,
    }

    /// <summary>One call of a method.</summary>
    private sealed class Frame(MethodSpec method)
    {
        public MethodSpec Method => method;

        public object?[] Variables { get; } = new object?[method.Variables];

        /// <summary>Variables that the step of a loop changes and must not read before, each with that loop.</summary>
        public Dictionary<int, Site> Changing { get; } = [];

        public object? Result { get; set; }
    }

    /// <summary>Ends the lowering of a Forward method after a reported problem. It is always caught in this class.</summary>
    private sealed class Stop : Exception;
}
