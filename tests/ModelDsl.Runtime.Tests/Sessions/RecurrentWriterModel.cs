namespace ModelDsl.Runtime.Tests.Sessions;

/// <summary>A small model that generates and looks back through recurrences alone.</summary>
[Model, Generates, TokenInput(Context, WriterModel.Vocabulary), Embedding(8), Lstm(12, ReturnSequences = true), Gru(9, ReturnSequences = true), Dense(WriterModel.Vocabulary), SoftmaxCrossEntropy]
public sealed partial class RecurrentWriterModel
{
    /// <summary>Positions.</summary>
    public const int Context = 12;
}

/// <summary>The same network over more positions.</summary>
[Model, Generates, TokenInput(Context, WriterModel.Vocabulary), Embedding(8), Lstm(12, ReturnSequences = true), Gru(9, ReturnSequences = true), Dense(WriterModel.Vocabulary), SoftmaxCrossEntropy]
public sealed partial class LongRecurrentWriterModel
{
    /// <summary>Positions.</summary>
    public const int Context = 64;
}
