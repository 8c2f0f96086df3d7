using ModelDsl.Package.Tests;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Text.Tests;

/// <summary>The package as those get it who do not have the repository: a reference to it alone, a vocabulary, a file of tokens and a model.</summary>
public sealed class TextPackageTests
{
    private const string Program = """
        using ModelDsl;

        string[] texts = [.. Enumerable.Repeat("the cat sat on the mat. ", 50)];
        var tokenizer = BpeTokenizer.FromTexts(texts, new BpeTrainingOptions { VocabularySize = Writer.Vocabulary });
        tokenizer.Save("vocabulary");
        TokenFile.Write("train.tokens", BpeTokenizer.Load("vocabulary"), [string.Concat(texts)]);
        using var tokens = TokenFile.Open("train.tokens");
        using var model = new Writer(seed: 1);
        new Trainer(new Adam(1e-2)) { Epochs = 40, BatchSize = 16, View = TrainingView.None }.Fit(model, tokens.Windows(Writer.Context));
        float[] next = model.Predict([.. tokenizer.Encode("the cat sat on").Take(Writer.Context)]);
        Console.WriteLine(tokenizer.Decode([Array.IndexOf(next, next.Max())]));

        [Model, TokenInput(Context, Vocabulary), Embedding(8), Flatten, Dense(Vocabulary), SoftmaxCrossEntropy]
        public sealed partial class Writer
        {
            public const int Context = 3, Vocabulary = 270;
        }

        """;

    [StandardFact]
    public void A_fresh_project_trains_a_model_on_a_file_of_tokens()
    {
        using var project = new TextProject();
        Assert.Contains("lib/net10.0/ModelDsl.Text.dll", project.PackageContent("ModelDsl.Text"));
        Assert.Contains("lib/net10.0/ModelDsl.Text.xml", project.PackageContent("ModelDsl.Text"));
        Assert.Contains("Microsoft.ML.Tokenizers", project.Manifest("ModelDsl.Text").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft.ML.Tokenizers", project.Manifest("ModelDsl").ToString(), StringComparison.Ordinal);

        var build = project.Build(Program);
        Assert.True(build.ExitCode == 0, build.Output);
        var run = project.Run();
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal("on", run.Output.Trim());
    }

    private sealed class TextProject() : FreshProject("ModelDsl.Text", "ModelDsl.Runtime", "ModelDsl.Text");
}
