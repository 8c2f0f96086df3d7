using ModelDsl.Images;

namespace ModelDsl;

public abstract partial class Dataset
{
    /// <summary>
    /// The same samples with their pictures changed at random each time they are seen, in the background. The first column must hold pictures: floats of the
    /// shape <c>[height, width]</c> or <c>[height, width, channels]</c>, with black at 0 and white at 1.
    /// </summary>
    /// <param name="augmentations">What is changed, such as <c>[new RandomFlip(), new RandomRotation(15), new RandomZoom(0.1)]</c>.</param>
    /// <param name="seed">
    /// Decides all changes, together with the seed of the batches, the number of the pass and that of the sample: a run repeats itself on any number of
    /// threads.
    /// </param>
    /// <param name="edge">What is seen beyond the edge of a picture that was moved, turned or made smaller.</param>
    /// <exception cref="ArgumentException">The first column holds no pictures, or they are too small for a crop.</exception>
    /// <example>
    /// <code>
    /// var (train, validation) = photos.Split(0.8, seed: 1);
    /// trainer.Fit(model, train.Augment([new RandomFlip(), new RandomRotation(15), new RandomZoom(0.1)], seed: 1), validation);
    /// </code>
    /// </example>
    public Dataset Augment(IReadOnlyList<Augmentation> augmentations, int seed = 0, ImageEdge edge = ImageEdge.Reflect)
    {
        ArgumentNullException.ThrowIfNull(augmentations);
        return new AugmentedDataset(this, [.. augmentations], seed, edge);
    }
}
