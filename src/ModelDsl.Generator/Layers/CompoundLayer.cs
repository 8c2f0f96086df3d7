namespace ModelDsl.Generator.Layers;

/// <summary>A layer that is put together from others, which have names and rows in the summary of their own below it.</summary>
internal abstract class CompoundLayer : Layer;
