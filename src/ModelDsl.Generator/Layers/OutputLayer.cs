namespace ModelDsl.Generator.Layers;

/// <summary>Names the value before it as an output of inference; the value is unchanged.</summary>
internal sealed class OutputLayer : Layer
{
    public override string Kind => NamedOutputs.Kind;

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input) => scope.State.Outputs.Add(call, scope.Block, scope.State, input);
}
