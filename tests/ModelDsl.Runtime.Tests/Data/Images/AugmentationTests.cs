using System.Numerics;
using ModelDsl.Images;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Data.Images;

public sealed class AugmentationTests
{
    private static readonly Augmentation[] Everything =
    [
        new RandomFlip(FlipAxes.Both), new RandomRotation(30), new RandomZoom(0.2), new RandomShift(0.2), new RandomBrightness(0.2), new RandomContrast(0.3), new Cutout(3),
    ];

    [Fact]
    public void A_sample_of_a_pass_is_changed_alike_whatever_batch_and_thread_it_is_in()
    {
        var data = Pictures(40, 8, 6, 3).Augment(Everything, seed: 5);
        var alone = Samples(data.Batches(1, shuffle: true, seed: 9, prefetch: false), passes: 3);

        Assert.Equal(alone, Samples(data.Batches(7, shuffle: true, seed: 9, prefetch: false), passes: 3));
        Assert.Equal(alone, Samples(data.Batches(7, shuffle: true, seed: 9, prefetch: true), passes: 3));
        foreach (var threads in new[] { 1, 2, 3, 8 })
            Assert.Equal(alone, Samples(new ManyThreads(data, threads).Batches(4, shuffle: true, seed: 9, prefetch: true), passes: 3));
    }

    [Fact]
    public void Passes_and_seeds_give_other_changes()
    {
        var plain = Pictures(6, 8, 8, 1);
        var batches = plain.Augment(Everything, seed: 5).Batches(6);
        var (first, second) = (Samples(batches, 1), Samples(batches, 1));

        Assert.NotEqual(first, second);
        Assert.Equal(first, Samples(plain.Augment(Everything, seed: 5).Batches(6), 1));
        Assert.NotEqual(first, Samples(plain.Augment(Everything, seed: 6).Batches(6), 1));
        Assert.NotEqual(first, Samples(plain.Augment(Everything, seed: 5).Batches(6, seed: 1), 1));
    }

    [Fact]
    public void Without_augmentations_pictures_stay_as_they_are()
    {
        var data = Pictures(5, 4, 3, 3);

        Assert.Equal(Samples(data.Batches(2), 2), Samples(data.Augment([]).Batches(2), 2));
    }

    [Fact]
    public void Labels_stay_with_their_pictures()
    {
        foreach (var batch in Pictures(50, 4, 4, 1).Augment([new RandomFlip()]).Batches(8, shuffle: true, seed: 2))
        {
            for (var i = 0; i < batch.Count; i++)
                Assert.Equal(batch.Ints(1)[i] / 50f, batch.Floats(0).Slice(i * 16, 16).ToArray().Max(), 6);
        }
    }

    [Fact]
    public void Half_of_the_pictures_are_mirrored_and_exactly_so()
    {
        var mirrored = 0;
        foreach (var (before, after) in Pairs(400, 3, 5, 2, new RandomFlip()))
        {
            var flipped = Enumerable.Range(0, 3).SelectMany(y => Enumerable.Range(0, 5).Reverse().SelectMany(x => before.Skip(((y * 5) + x) * 2).Take(2))).ToArray();
            var isFlipped = flipped.AsSpan().SequenceEqual(after);
            Assert.True(isFlipped || before.AsSpan().SequenceEqual(after));
            mirrored += isFlipped ? 1 : 0;
        }

        Assert.InRange(mirrored, 160, 240);
    }

    [Fact]
    public void Crops_are_parts_and_change_the_shape()
    {
        var data = Pictures(100, 5, 6, 1);
        var augmented = data.Augment([new RandomCrop(3, 4)]);
        Assert.Equal([3, 4, 1], augmented.Columns[0].Shape);
        Assert.Equal(12, augmented.Columns[0].Length);

        var places = new HashSet<(int, int)>();
        foreach (var (before, after) in Pairs(100, 5, 6, 1, new RandomCrop(3, 4)))
        {
            var place = (from y in Enumerable.Range(0, 3) from x in Enumerable.Range(0, 3) where before[(y * 6) + x] == after[0] select (x, y)).Single();
            for (var i = 0; i < 12; i++)
                Assert.Equal(before[((place.y + (i / 4)) * 6) + place.x + (i % 4)], after[i]);
            places.Add(place);
        }

        Assert.Equal(9, places.Count);
        Assert.Contains("cannot be cut out of pictures of 5 × 6", Assert.Throws<ArgumentException>(() => data.Augment([new RandomCrop(6, 6)])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ImageEdge.Zero, new[] { 0f, 0, 1, 2 })]
    [InlineData(ImageEdge.Nearest, new[] { 1f, 1, 1, 2 })]
    [InlineData(ImageEdge.Reflect, new[] { 2f, 1, 1, 2 })]
    public void Beyond_the_edge_is_what_was_chosen(ImageEdge edge, float[] expected) =>
        Assert.Equal(expected, Paint([1, 2, 3, 4], new ImageSize(4, 1), edge, plan => plan.Move(Matrix3x2.CreateTranslation(-2, 0))));

    [Fact]
    public void Far_beyond_the_edge_the_mirror_images_repeat() =>
        Assert.Equal([1f, 2, 3, 3, 2, 1], Paint([1, 2, 3], new ImageSize(3, 1), ImageEdge.Reflect, plan =>
            plan.Move(Matrix3x2.CreateTranslation(-6, 0), new ImageSize(6, 1))));

    [Fact]
    public void Between_pixels_values_are_interpolated() =>
        Assert.Equal([1.25f, 2.25f, 3.25f, 4f], Paint([1, 2, 3, 4], new ImageSize(4, 1), ImageEdge.Nearest, plan =>
            plan.Move(Matrix3x2.CreateTranslation(0.25f, 0))));

    [Fact]
    public void A_quarter_turn_turns_about_the_middle()
    {
        var turned = Paint([1, 2, 3, 4, 5, 6, 7, 8, 9], new ImageSize(3, 3), ImageEdge.Zero, plan =>
            plan.Move(Matrix3x2.CreateRotation(MathF.PI / 2, new Vector2(1.5f))));

        // Where a place comes from is turned clockwise, so the picture is turned the other way.
        float[] expected = [3, 6, 9, 2, 5, 8, 1, 4, 7];
        for (var i = 0; i < 9; i++)
            Assert.Equal(expected[i], turned[i], 5);
    }

    [Fact]
    public void Changes_of_order_are_carried_out_in_their_order()
    {
        // Moved right by one, then mirrored: the last pixel falls off.
        var shiftedThenFlipped = Paint([1, 2, 3], new ImageSize(3, 1), ImageEdge.Zero, plan =>
        {
            plan.Move(Matrix3x2.CreateTranslation(-1, 0));
            plan.Move(new Matrix3x2(-1, 0, 0, 1, 3, 0));
        });

        Assert.Equal([2f, 1, 0], shiftedThenFlipped);
    }

    [Fact]
    public void Zoom_keeps_the_middle_and_rotation_by_nothing_keeps_all()
    {
        foreach (var (before, after) in Pairs(20, 5, 5, 1, new RandomZoom(0.5)))
            Assert.Equal(before[12], after[12], 4);
        foreach (var (before, after) in Pairs(5, 5, 4, 3, new RandomRotation(0), new RandomZoom(0), new RandomShift(0), new RandomContrast(0), new RandomBrightness(0)))
            Assert.Equal(before, after);
    }

    [Fact]
    public void Shifts_are_whole_pixels_of_every_size_up_to_the_most()
    {
        var seen = new HashSet<float>();
        foreach (var (before, after) in Pairs(300, 1, 8, 1, ImageEdge.Zero, new RandomShift(0.25)))
        {
            var from = Array.IndexOf(before, after[4]);
            Assert.InRange(from, 2, 6);
            seen.Add(from);
        }

        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public void Brightness_is_added_and_stays_in_range()
    {
        var sums = new List<float>();
        foreach (var (before, after) in Pairs(100, 4, 4, 1, new RandomBrightness(0.3)))
        {
            var free = Array.FindIndex(after, value => value is > 0 and < 1);
            // Of a picture that became black all over nothing can be told.
            if (free < 0)
                continue;
            var shift = after[free] - before[free];
            for (var i = 0; i < 16; i++)
                Assert.InRange(after[i] - Math.Clamp(before[i] + shift, 0, 1), -1e-6, 1e-6);
            sums.Add(shift);
        }

        Assert.InRange(sums.Max(), 0.2f, 0.3f);
        Assert.InRange(sums.Min(), -0.3f, -0.2f);
    }

    [Fact]
    public void Contrast_keeps_the_mean_of_each_channel()
    {
        var pairs = Pairs(60, 4, 4, 2, new RandomContrast(0.4));
        Assert.InRange(pairs.Count(pair => pair.After.Contains(0)), 1, 50);
        foreach (var (before, after) in pairs)
        {
            // Cut off at black, the mean is another.
            if (after.Contains(0) || after.Contains(1))
                continue;
            for (var channel = 0; channel < 2; channel++)
            {
                var (old, now) = (before.Where((_, i) => i % 2 == channel).ToArray(), after.Where((_, i) => i % 2 == channel).ToArray());
                Assert.Equal(old.Average(), now.Average(), 4);
                Assert.InRange((now.Max() - now.Average()) / (old.Max() - old.Average()), 0.599, 1.401);
            }
        }
    }

    [Fact]
    public void A_square_is_blanked_in_the_picture()
    {
        foreach (var (before, after) in Pairs(60, 9, 9, 1, new Cutout(3, value: 0.5f)))
        {
            var cut = Enumerable.Range(0, 81).Where(i => after[i] != before[i]).ToArray();
            Assert.InRange(cut.Length, 3, 9);
            Assert.All(cut, i => Assert.Equal(0.5f, after[i]));
            Assert.InRange(cut.Max(i => i % 9) - cut.Min(i => i % 9), 0, 2);
            Assert.InRange((cut.Max() / 9) - (cut.Min() / 9), 0, 2);
        }
    }

    [Fact]
    public void Data_without_pictures_is_rejected_with_what_to_do()
    {
        var flat = Dataset.FromArrays(new byte[2 * 12], [0, 1], scale: 1);

        Assert.Contains("has the shape [12]", Assert.Throws<ArgumentException>(() => flat.Augment([new RandomFlip()])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Dataset.FromArrays([1, 2, 3, 4], [0, 1]).Augment([]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(181)]
    [InlineData(double.NaN)]
    public void Amounts_out_of_range_are_rejected(double amount) => Assert.Throws<ArgumentOutOfRangeException>(() => new RandomRotation(amount));

    [Fact]
    public void Once_warm_filling_a_batch_allocates_nothing()
    {
        var data = Pictures(64, 16, 16, 3).Augment(Everything);
        var batch = new Batch(data.Columns, 32);
        int[] indices = [.. Enumerable.Range(0, 32)];
        for (var i = 0; i < 3; i++)
            data.Fill(indices, batch);

        Assert.Equal(0, Allocation.Least(() =>
        {
            for (var i = 0; i < 10; i++)
                data.Fill(indices, batch);
        }));
    }

    /// <summary>Pictures whose values all differ within one, and whose brightest value is label / count.</summary>
    private static Dataset Pictures(int count, int height, int width, int channels)
    {
        var length = height * width * channels;
        var values = new float[count * length];
        var random = new Random(1);
        for (var n = 0; n < count; n++)
        {
            var order = Enumerable.Range(1, length).ToArray();
            random.Shuffle(order);
            for (var i = 0; i < length; i++)
                values[(n * length) + i] = (float)order[i] / length * (n + 1) / count;
        }

        return Dataset.FromColumns(
            DataColumn.Floats("input", values, height, width, channels), DataColumn.Ints("label", Enumerable.Range(1, count).ToArray()));
    }

    private static List<(float[] Before, float[] After)> Pairs(int count, int height, int width, int channels, params Augmentation[] augmentations) =>
        Pairs(count, height, width, channels, ImageEdge.Reflect, augmentations);

    private static List<(float[] Before, float[] After)> Pairs(
        int count, int height, int width, int channels, ImageEdge edge, params Augmentation[] augmentations)
    {
        var data = Pictures(count, height, width, channels);
        var before = Samples(data.Batches(16), 1);
        var after = Samples(data.Augment(augmentations, seed: 3, edge).Batches(16), 1);
        return [.. before.Zip(after)];
    }

    /// <summary>The pictures of some passes, in the order of the passes and then of their labels.</summary>
    private static List<float[]> Samples(BatchSequence batches, int passes)
    {
        var all = new List<float[]>();
        for (var pass = 0; pass < passes; pass++)
        {
            var samples = new SortedDictionary<int, float[]>();
            foreach (var batch in batches)
            {
                var length = batch.Columns[0].Length;
                for (var i = 0; i < batch.Count; i++)
                    samples.Add(batch.Ints(1)[i], batch.Floats(0).Slice(i * length, length).ToArray());
            }

            all.AddRange(samples.Values);
        }

        return all;
    }

    private static float[] Paint(float[] source, ImageSize size, ImageEdge edge, Action<AugmentationPlan> draw)
    {
        var plan = new AugmentationPlan();
        plan.Begin(size);
        draw(plan);
        var target = new float[plan.Size.Width * plan.Size.Height];
        AugmentationPainter.Paint(plan, source, size, 1, edge, target);
        return target;
    }
}
