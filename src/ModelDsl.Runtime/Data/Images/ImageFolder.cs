using System.Globalization;
using System.Runtime.ExceptionServices;
using ModelDsl.Compiled;

namespace ModelDsl.Images;

/// <summary>
/// Images in files, with one folder per class: <c>photos/cat/….jpg</c>, <c>photos/dog/….png</c>. They are decoded, resized and scaled on background threads while
/// the model is trained on earlier batches.
/// </summary>
/// <example>
/// <code>
/// var photos = ImageFolder.Open("photos", new ImageInput(150, 150));
/// var (train, validation) = photos.Split(0.8, seed: 1);
/// </code>
/// </example>
public sealed class ImageFolder : Dataset
{
    private readonly ImageInput input;
    private readonly ImageFolderOptions options;
    private readonly ImageEntry[] entries;
    private readonly ImageCache cache;

    private ImageFolder(ImageInput input, ImageFolderOptions options, string[] classNames, ImageEntry[] entries, SkippedImage[] skipped, ImageCache cache)
    {
        (this.input, this.options, this.entries, this.cache) = (input, options, entries, cache);
        (ClassNames, Skipped) = (classNames, skipped);
        var pictures = new ColumnDescription("input", ColumnType.Float, [input.Height, input.Width, input.Channels]);
        Columns = options.Targets switch
        {
            ImageTargets.Labels => [pictures, new ColumnDescription("label", ColumnType.Int, [], classNames.Length)],
            ImageTargets.Binary => [pictures, new ColumnDescription("target", ColumnType.Float, [])],
            _ => [pictures],
        };
    }

    /// <summary>The names of the classes; a label is an index in this list.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The images in the order of the samples: by class, and then by name.</summary>
    public IReadOnlyList<ImageEntry> Files => entries;

    /// <summary>The files that cannot be read, with the reasons.</summary>
    public IReadOnlyList<SkippedImage> Skipped { get; }

    /// <inheritdoc/>
    public override int Count => entries.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnDescription> Columns { get; }

    internal override int FillThreads => options.Threads;

    /// <summary>Finds the images of a folder, and checks that they can be read unless the options turn this off.</summary>
    /// <param name="path">The folder, which contains a folder per class; images may be in subfolders of these.</param>
    /// <param name="input">How an image is converted to the model's input.</param>
    /// <param name="options">The classes, targets and memory; null for the defaults.</param>
    /// <param name="cancellation">Cancels the check.</param>
    /// <exception cref="DirectoryNotFoundException">The folder, or the folder of a class, does not exist.</exception>
    /// <exception cref="InvalidDataException">The folder has no subfolders, or a class has no image that can be read.</exception>
    /// <exception cref="ArgumentException">Binary targets are requested, but the number of classes is not two.</exception>
    /// <exception cref="NotSupportedException">A library for a format is not installed; the message says how to install it.</exception>
    /// <exception cref="OperationCanceledException">The check was cancelled.</exception>
    public static ImageFolder Open(string path, ImageInput input, ImageFolderOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(input);
        options ??= new ImageFolderOptions();
        var (classNames, found) = ImageSearch.Find(path, options.Classes, input.Reading.Decoders);
        if (options.Targets == ImageTargets.Binary && classNames.Length != 2)
            throw new ArgumentException($"{path}: binary targets need two classes; it has {classNames.Length} ({string.Join(", ", classNames)}).", nameof(options));

        var cache = new ImageCache(found.Length, options.CacheBytes);
        var reasons = options.CheckFiles ? Check(found, input, options.Threads, cache, cancellation) : new string?[found.Length];
        int[] kept = [.. Enumerable.Range(0, found.Length).Where(i => reasons[i] is null)];
        cache.Keep(kept);
        ImageEntry[] entries = [.. kept.Select(i => found[i])];
        SkippedImage[] skipped = [.. Enumerable.Range(0, found.Length).Where(i => reasons[i] is not null).Select(i => new SkippedImage(found[i].Path, reasons[i]!))];
        var seen = entries.Select(entry => entry.Label).ToHashSet();
        if (Enumerable.Range(0, classNames.Length).FirstOrDefault(label => !seen.Contains(label), -1) is >= 0 and var empty)
        {
            var example = Enumerable.Range(0, found.Length).Where(i => found[i].Label == empty).Select(i => reasons[i]).FirstOrDefault();
            throw new InvalidDataException(
                $"{Path.Combine(path, classNames[empty])}: has no picture that can be read{(example is null ? "" : $"; for example: {example}")}");
        }

        return new ImageFolder(input, options, classNames, entries, skipped, cache);
    }

    /// <summary>Returns the number of images of each class, and the number of skipped files.</summary>
    public override string ToString()
    {
        var classes = ClassNames.Select((name, label) => string.Create(CultureInfo.InvariantCulture, $"{name} {entries.Count(entry => entry.Label == label):N0}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"{Count:N0} pictures in {ClassNames.Count} classes ({string.Join(", ", classes)}){(Skipped.Count == 0 ? "" : $"; skipped, for they cannot be read: {Skipped.Count:N0}")}");
    }

    /// <inheritdoc/>
    protected override void FillRows(ReadOnlySpan<int> indices, Batch batch)
    {
        var pictures = batch.Floats(0);
        var bytes = System.Buffers.ArrayPool<byte>.Shared.Rent(input.Length);
        for (var i = 0; i < indices.Length; i++)
        {
            var pixels = cache.Get(indices[i]);
            if (pixels.IsEmpty)
            {
                input.ReadBytes(entries[indices[i]].Path, bytes);
                pixels = bytes.AsSpan(0, input.Length);
                cache.Offer(indices[i], pixels);
            }

            Rows.Scale(pixels, input.Scale, pictures.Slice(i * input.Length, input.Length));
            var label = entries[indices[i]].Label;
            if (options.Targets == ImageTargets.Labels)
                batch.Ints(1)[i] = label;
            else if (options.Targets == ImageTargets.Binary)
                batch.Floats(1)[i] = label;
        }

        System.Buffers.ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>Decodes all files, and returns for each why it cannot be read, or null.</summary>
    private static string?[] Check(ImageEntry[] files, ImageInput input, int threads, ImageCache cache, CancellationToken cancellation)
    {
        var reasons = new string?[files.Length];
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
            Parallel.For(0, files.Length, parallel, () => new byte[input.Length], (i, _, pixels) =>
            {
                try
                {
                    input.ReadBytes(files[i].Path, pixels);
                    cache.Offer(i, pixels);
                }
                catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
                {
                    reasons[i] = exception.Message;
                }

                return pixels;
            }, _ => { });
        }
        catch (AggregateException exception)
        {
            // The original exception is thrown, as it would be on the calling thread.
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }

        return reasons;
    }
}

/// <summary>An image in a folder.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Label">The class of the image.</param>
public sealed record ImageEntry(string Path, int Label);

/// <summary>A file that was skipped.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Reason">The reason; it begins with the name of the file.</param>
public sealed record SkippedImage(string Path, string Reason);
