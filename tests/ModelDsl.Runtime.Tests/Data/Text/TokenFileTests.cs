using System.Runtime.InteropServices;
using ModelDsl.Runtime.Tests.Sessions;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Data.Text;

/// <summary>Files of token ids.</summary>
public sealed class TokenFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string FilePath => System.IO.Path.Combine(folder.Path, "some.tokens");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(300, 2)]
    [InlineData(65_536, 2)]
    [InlineData(65_537, 4)]
    public void Ids_take_as_many_bits_as_their_vocabulary_needs(int vocabulary, int bytes)
    {
        var tokenizer = new Letters(vocabulary);
        Assert.Equal(4, TokenFile.Write(FilePath, tokenizer, ["ab", "", "cd"]));

        using var file = TokenFile.Open(FilePath);
        var ids = new int[4];
        file.Read(0, ids);

        Assert.Equal(tokenizer.Encode("abcd"), ids);
        Assert.Equal(vocabulary, file.VocabularySize);
        Assert.Equal(16 + (4 * bytes) + 8, new FileInfo(FilePath).Length);
    }

    [Fact]
    public void A_separator_follows_each_text()
    {
        TokenFile.Write(FilePath, new ByteTokenizer(), ["a", "b"], separator: ByteTokenizer.Padding);
        using var file = TokenFile.Open(FilePath);
        var ids = new int[4];
        file.Read(0, ids);
        Assert.Equal(['a', 256, 'b', 256], ids);
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(4, 3)]
    [InlineData(1, 1)]
    public void Windows_of_a_file_are_those_of_the_same_ids_in_memory(int context, int stride)
    {
        var ids = WriteRandom(101);
        using var file = TokenFile.Open(FilePath);

        Same(Dataset.NextTokens(ids, context, stride), file.NextTokens(context, stride));
        Same(Dataset.Windows(ids, context, Math.Max(stride, 1)), file.Windows(context, Math.Max(stride, 1)));
    }

    [Fact]
    public void Reading_resumed_at_a_position_gives_the_same_batches()
    {
        WriteRandom(1000);
        using var file = TokenFile.Open(FilePath);
        var all = Batches(file.NextTokens(10), shuffle: false);
        const int Done = 6;

        Assert.Equal(all[Done..], Batches(file.NextTokens(10, start: Done * 4 * 10), shuffle: false));
        Assert.Equal(Batches(file.NextTokens(10), shuffle: true), Batches(file.NextTokens(10), shuffle: true));
        Assert.NotEqual(all, Batches(file.NextTokens(10), shuffle: true));
    }

    [Fact]
    public void A_part_of_a_file_has_no_token_of_the_rest()
    {
        var ids = WriteRandom(100);
        using var file = TokenFile.Open(FilePath);
        Same(Dataset.NextTokens(ids.AsMemory(20, 31), 5), file.NextTokens(5, start: 20, length: 31));
    }

    [Fact]
    public void A_raw_file_has_nothing_but_ids()
    {
        ushort[] ids = [1, 2, 50_256, 65_535, 0, 7];
        File.WriteAllBytes(FilePath, MemoryMarshal.AsBytes<ushort>(ids).ToArray());
        using var file = TokenFile.OpenRaw(FilePath, 65_536);

        Assert.Equal(6, file.Count);
        Same(Dataset.NextTokens(Array.ConvertAll(ids, id => (int)id), 2), file.NextTokens(2));
    }

    [Fact]
    public void A_sparse_file_beyond_two_to_the_32_tokens_is_read_at_its_end()
    {
        const long Count = (1L << 32) + 1000;
        using (var stream = File.Create(FilePath))
        {
            stream.SetLength((Count - 2) * 2);
            stream.Position = stream.Length;
            stream.Write([5, 0, 6, 0]);
        }

        using var file = TokenFile.OpenRaw(FilePath, 100);
        Assert.Equal(Count, file.Count);
        Assert.Equal(((Count - 1 - 999) / 999) + 1, file.NextTokens(999).Count);

        var last = Assert.Single(file.NextTokens(1, start: Count - 2).Batches(1));
        Assert.Equal((5, 6), (last.Ints(0)[0], last.Ints(1)[0]));
        Assert.Contains("Make the stride 3 or greater", Assert.Throws<ArgumentException>(() => file.Windows(8)).Message, StringComparison.Ordinal);
    }

    /// <summary>Memory of a process depends on other tests, so what is read is counted: bytes that are allocated, and files that are mapped.</summary>
    [Fact]
    public void Shuffled_batches_of_ten_gigabytes_need_little_memory()
    {
        using (var stream = File.Create(FilePath))
            stream.SetLength(10L << 30);
        using var file = TokenFile.OpenRaw(FilePath, 50_257);
        var data = file.NextTokens(1024);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var tokens = 0L;
        foreach (var batch in data.Batches(16, shuffle: true, seed: 1).Take(500))
            tokens += batch.Ints(0).Length;

        Assert.Equal(500L * 16 * 1024, tokens);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 << 20);
        if (OperatingSystem.IsLinux())
            Assert.DoesNotContain(FilePath, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_of_a_file_allocates_nothing()
    {
        WriteRandom(1000);
        using var file = TokenFile.Open(FilePath);
        var data = file.NextTokens(10);
        var batch = new Batch(data.Columns, 4);
        Assert.Equal(0, Allocation.Least(() => data.Fill([3, 1, 4, 1], batch)));
    }

    [Fact]
    public void Parts_of_a_file_are_its_text_and_end_between_lines()
    {
        const string Text = "one two\n  three\r\n\nfour \nfive\nsix";
        var path = folder.Write("text.txt", Text);
        for (var length = 0; length < Text.Length; length++)
        {
            string[] parts = [.. TextParts.Read([path], length)];
            Assert.Equal(Text.Replace("\r\n", "\n", StringComparison.Ordinal), string.Concat(parts));
            Assert.All(parts[..^1], part => Assert.Equal("five\n", part[^5..]));
        }
    }

    [Fact]
    public void A_file_that_is_cut_short_is_an_error()
    {
        WriteRandom(100);
        var whole = File.ReadAllBytes(FilePath);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            var exception = Assert.Throws<InvalidDataException>(() => TokenFile.Open(FilePath));
            Assert.Contains(FilePath, exception.Message, StringComparison.Ordinal);
            if (length >= 8)
                Assert.Contains("cut short", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_becomes_shorter_while_it_is_read_is_an_error()
    {
        WriteRandom(10_000);
        using var file = TokenFile.Open(FilePath);
        File.WriteAllBytes(FilePath, []);
        Assert.Contains("another program has cut it short", Assert.Throws<EndOfStreamException>(() => file.Read(9_000, new int[10])).Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_raw_file_with_an_odd_number_of_bytes_is_an_error()
    {
        File.WriteAllBytes(FilePath, new byte[1235]);
        var message = Assert.Throws<InvalidDataException>(() => TokenFile.OpenRaw(FilePath, 50_257)).Message;
        Assert.Equal($"'{FilePath}' has 1,235 bytes, an odd number; a file of 16-bit ids has two for each. It is cut short, or has another format: copy it again, or write the tokens with TokenFile.Write.", message);
    }

    [Fact]
    public void Each_format_is_opened_with_its_own_method()
    {
        File.WriteAllBytes(FilePath, new byte[100]);
        Assert.Contains("TokenFile.OpenRaw", Assert.Throws<InvalidDataException>(() => TokenFile.Open(FilePath)).Message, StringComparison.Ordinal);
        WriteRandom(50);
        Assert.Contains("TokenFile.Open.", Assert.Throws<InvalidDataException>(() => TokenFile.OpenRaw(FilePath, 256)).Message, StringComparison.Ordinal);
        Assert.Contains("is empty", Assert.Throws<InvalidDataException>(() => TokenFile.OpenRaw(folder.Write("empty.bin", ""), 256)).Message, StringComparison.Ordinal);
        Assert.Contains("missing.tokens", Assert.Throws<FileNotFoundException>(() => TokenFile.Open(System.IO.Path.Combine(folder.Path, "missing.tokens"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_beyond_the_vocabulary_of_a_raw_file_is_an_error_with_its_position()
    {
        ushort[] ids = [1, 2, 3, 700, 4];
        File.WriteAllBytes(FilePath, MemoryMarshal.AsBytes<ushort>(ids).ToArray());
        using var file = TokenFile.OpenRaw(FilePath, 300);
        var message = Assert.Throws<InvalidDataException>(() => file.Read(2, new int[3])).Message;
        Assert.Contains("has the id 700 at position 3, but ids of its vocabulary run from 0 to 299", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_of_another_vocabulary_is_an_error_before_the_first_step()
    {
        WriteRandom(500);
        using var file = TokenFile.Open(FilePath);
        using var model = new WriterModel(seed: 1);
        var trainer = new Trainer(new Adam(1e-3)) { Epochs = 1, View = TrainingView.None };

        var message = Assert.Throws<ArgumentException>(() => trainer.Fit(model, file.NextTokens(WriterModel.Context))).Message;

        Assert.StartsWith($"'input' of WriterModel has {WriterModel.Vocabulary} ids, but the training data was made with a tokenizer that has 257.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_finished_leaves_the_old_one()
    {
        var ids = WriteRandom(50);
        Assert.Throws<ArgumentException>(() => TokenFile.Write(FilePath, new ByteTokenizer(), ["", ""]));
        Assert.Throws<ArgumentException>(() => TokenFile.Write(FilePath, new ByteTokenizer(), ["a", null!]));
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenFile.Write(FilePath, new ByteTokenizer(), ["a"], separator: 257));
        Assert.Throws<InvalidOperationException>(() => TokenFile.Write(FilePath, new Letters(50), ["a"]));

        using var file = TokenFile.Open(FilePath);
        Assert.Equal(ids.Length, file.Count);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_range_outside_the_file_is_an_error()
    {
        WriteRandom(50);
        using var file = TokenFile.Open(FilePath);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.NextTokens(5, start: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.NextTokens(5, start: 45, length: 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(45, new int[6]));
        Assert.Contains("need 51 tokens; the sequence has 50", Assert.Throws<ArgumentException>(() => file.NextTokens(50)).Message, StringComparison.Ordinal);
    }

    private static void Same(Dataset expected, Dataset actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.Equal(Batches(expected, shuffle: false), Batches(actual, shuffle: false));
        Assert.Equal(expected.Columns.Select(column => (column.Name, column.Type, column.Length)), actual.Columns.Select(column => (column.Name, column.Type, column.Length)));
    }

    /// <summary>All values of each batch of one pass.</summary>
    private static List<int[]> Batches(Dataset data, bool shuffle) =>
        [.. data.Batches(4, shuffle, seed: 3).Select(batch => batch.Ints(0).ToArray().Concat(batch.Ints(1).ToArray()).ToArray())];

    private int[] WriteRandom(int count)
    {
        var random = new Random(count);
        var text = new string([.. Enumerable.Range(0, count).Select(_ => (char)random.Next(128))]);
        Assert.Equal(count, TokenFile.Write(FilePath, new ByteTokenizer(), [text]));
        return new ByteTokenizer().Encode(text);
    }

    /// <summary>Letters counted from the end of a vocabulary of any size.</summary>
    private sealed class Letters(int size) : ITokenizer
    {
        public int VocabularySize => size;

        public int PaddingId => 0;

        public int? UnknownId => null;

        public int[] Encode(ReadOnlySpan<char> text) => [.. text.ToArray().Select(letter => size - 1 - (letter - 'a') - (size < 100 ? 100 : 0))];

        public string Decode(ReadOnlySpan<int> ids) => throw new NotSupportedException();
    }
}
