using System.Text;

namespace ModelDsl.Text.Tests;

/// <summary>Tokens that are decoded one by one.</summary>
public sealed class BpeDecoderTests
{
    [Fact]
    public void A_character_of_several_tokens_appears_with_its_last_token()
    {
        var ids = Gpt2.Tokenizer.Encode("a🐈é");
        var decoder = Gpt2.Tokenizer.CreateDecoder();
        string[] parts = [.. ids.Select(decoder.Append)];

        Assert.True(ids.Length > 3);
        Assert.Equal(["a", .. Enumerable.Repeat("", ids.Length - 3), "🐈", "é"], parts);
        Assert.Equal("", decoder.Flush());
    }

    [Fact]
    public void The_parts_together_are_the_decoded_text_for_any_tokens()
    {
        var random = new Random(1);
        for (var text = 0; text < 200; text++)
        {
            // Tokens of one byte, most of which are no characters.
            int[] ids = [.. Enumerable.Range(0, 50).Select(_ => random.Next(text % 2 == 0 ? 256 : Gpt2.Tokenizer.VocabularySize))];
            var decoder = Gpt2.Tokenizer.CreateDecoder();
            var parts = new StringBuilder();
            foreach (var id in ids)
                parts.Append(decoder.Append(id));
            Assert.Equal(Gpt2.Tokenizer.Decode(ids), parts.Append(decoder.Flush()).ToString());
        }
    }

    [Fact]
    public void An_incomplete_character_at_the_end_is_replaced_and_another_text_can_follow()
    {
        var decoder = Gpt2.Tokenizer.CreateDecoder();
        Assert.Equal("", decoder.Append(Gpt2.Tokenizer.Encode("🐈")[0]));
        Assert.Equal("\uFFFD", decoder.Flush());
        Assert.Equal("cat", decoder.Append(Gpt2.Tokenizer.Encode("cat")[0]));
    }

    [Fact]
    public void An_id_that_no_token_has_is_an_error()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Gpt2.Tokenizer.CreateDecoder().Append(50_257));
        Assert.Contains("Ids run from 0 to 50256.", error.Message, StringComparison.Ordinal);
    }
}
