namespace ModelDsl.Generator.Layers;

/// <summary>A layer that consists of other layers, which have their own names and rows in the summary.</summary>
internal abstract class CompoundLayer : Layer;
